package dev.mlops4j.registry;

import dev.mlops4j.evaluation.Better;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.model.GoldenRow;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.ModelLoaders;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The gates that most need. That a live follower of the stage can load the version is checked
 * always, without a gate.
 */
public final class Gates {

  /** How many predictions of golden rows a latency is measured over, after as many to warm up. */
  private static final int TIMED_PREDICTIONS = 2_000;

  private static final double P99 = 0.99;

  private Gates() {}

  /** Scores a model on data that the caller holds. */
  @FunctionalInterface
  public interface Scorer {

    /**
     * The metric of a model, on the same data for every version.
     *
     * @param version whose model it is; its features say which vectors it takes
     * @param model loaded, closed by the caller
     */
    double score(ModelVersion version, Model model);
  }

  /**
   * The model can be loaded, and predicts for the golden rows of its package what it predicted at
   * training; a package has at least one such row.
   */
  public static Gate goldenRows(ModelLoaders loaders) {
    return Gate.of(
        "golden rows",
        candidate -> {
          ModelPackage modelPackage = candidate.modelPackage();
          if (modelPackage.goldenRows().isEmpty()) {
            return Optional.of("asked for one golden row at least, the package has none");
          }
          loaders.load(modelPackage).close(); // replays them, and throws what differs
          return Optional.empty();
        });
  }

  /**
   * The files of the package have at most so many bytes.
   *
   * @throws IllegalArgumentException if {@code bytes} is not positive
   */
  public static Gate sizeAtMost(long bytes) {
    requirePositive("sizeAtMost", bytes);
    return Gate.of(
        "size",
        candidate -> {
          long found = candidate.details().bytes();
          return found <= bytes
              ? Optional.empty()
              : Optional.of("asked for at most " + bytes + " bytes, found " + found);
        });
  }

  /**
   * One prediction takes at most so long, at the 99th percentile of 2,000 predictions of the golden
   * rows on this machine, by one thread, after a warm-up. It is the model's time alone, without
   * features; leave room for a machine that is busy.
   *
   * @throws IllegalArgumentException if {@code most} is not positive
   */
  public static Gate latencyAtMost(Duration most, ModelLoaders loaders) {
    return latencyAtMost(most, loaders, System::nanoTime);
  }

  static Gate latencyAtMost(Duration most, ModelLoaders loaders, LongSupplier nanoTime) {
    requirePositive("latencyAtMost", most.toNanos());
    return Gate.of(
        "latency",
        candidate -> {
          List<GoldenRow> rows = candidate.modelPackage().goldenRows();
          if (rows.isEmpty()) {
            return Optional.of("asked to time golden rows, the package has none");
          }
          try (Model model = loaders.load(candidate.modelPackage())) {
            time(model, rows, nanoTime);
            Duration found = time(model, rows, nanoTime);
            return found.compareTo(most) <= 0
                ? Optional.empty()
                : Optional.of("asked for at most " + most + " at p99, found " + found);
          }
        });
  }

  /**
   * The version takes the inputs of the champion, of the same types, and predicts the same: whoever
   * gives vectors by name goes on. Passes if there is no champion. Categories may differ, and so
   * may the order.
   */
  public static Gate sameSignature() {
    return Gate.of(
        "signature",
        candidate -> {
          VersionDetails champion = candidate.championDetails();
          if (champion == null) {
            return Optional.empty();
          }
          Signature asked = champion.manifest().signature();
          Signature found = candidate.details().manifest().signature();
          return interfaceOf(asked).equals(interfaceOf(found))
              ? Optional.empty()
              : Optional.of(
                  "asked for "
                      + interfaceOf(asked)
                      + " of "
                      + champion.version().label()
                      + ", found "
                      + interfaceOf(found));
        });
  }

  private static List<String> interfaceOf(Signature signature) {
    List<String> all = new ArrayList<>();
    signature.inputs().stream()
        .map(input -> input.name() + " " + input.type())
        .sorted()
        .forEach(all::add);
    all.add("-> " + signature.output().name() + " " + signature.output().task());
    all.addAll(signature.output().labels());
    return all;
  }

  /**
   * A metric that was recorded at registration is at least so high. A NaN is not.
   *
   * @throws IllegalArgumentException if {@code least} is no finite number
   */
  public static Gate metricAtLeast(String metric, double least) {
    requireFinite("metricAtLeast", least);
    return recorded(metric, Better.HIGHER, least, "at least");
  }

  /**
   * A metric that was recorded at registration is at most so high. A NaN is not.
   *
   * @throws IllegalArgumentException if {@code most} is no finite number
   */
  public static Gate metricAtMost(String metric, double most) {
    requireFinite("metricAtMost", most);
    return recorded(metric, Better.LOWER, most, "at most");
  }

  /**
   * A metric that was recorded at registration is no worse than the champion's, by more than the
   * tolerance, and both were measured on the same data: the runs logged datasets of the same
   * digests in this role. Passes if there is no champion.
   *
   * @param role the role of the data that the metric is of, such as {@code test}
   * @param tolerance 0 or more, in the metric's unit
   * @throws IllegalArgumentException if {@code tolerance} is negative or no finite number
   */
  public static Gate metricNoWorse(String metric, Better better, double tolerance, String role) {
    requireTolerance("metricNoWorse", tolerance);
    return Gate.of(
        metric,
        candidate -> {
          VersionDetails champion = candidate.championDetails();
          if (champion == null) {
            return Optional.empty();
          }
          Set<String> mine = digests(candidate.details(), role);
          Set<String> theirs = digests(champion, role);
          if (mine.isEmpty() || !mine.equals(theirs)) {
            return Optional.of(
                "asked to compare with "
                    + champion.version().label()
                    + " on the same data of role "
                    + role
                    + ", found "
                    + mine
                    + " here and "
                    + theirs
                    + " there");
          }
          return noWorse(
              better,
              tolerance,
              champion.version(),
              candidate.details().facts().metrics().get(metric),
              champion.facts().metrics().get(metric));
        });
  }

  /**
   * A metric that is measured now, on the caller's data, is no worse than the champion's by more
   * than the tolerance. Both models are loaded and scored, one after the other. Passes if there is
   * no champion.
   *
   * @param tolerance 0 or more, in the metric's unit
   * @throws IllegalArgumentException if {@code tolerance} is negative or no finite number
   */
  public static Gate scoreNoWorse(
      String metric, Better better, double tolerance, Scorer scorer, ModelLoaders loaders) {
    requireTolerance("scoreNoWorse", tolerance);
    return Gate.of(
        metric,
        candidate -> {
          ModelVersion champion = candidate.champion();
          ModelPackage championPackage = candidate.championPackage();
          if (champion == null || championPackage == null) {
            return Optional.empty();
          }
          double found = score(scorer, candidate.version(), candidate.modelPackage(), loaders);
          double asked = score(scorer, champion, championPackage, loaders);
          return noWorse(better, tolerance, champion, found, asked);
        });
  }

  private static Gate recorded(String metric, Better better, double bound, String words) {
    return Gate.of(
        metric,
        candidate -> {
          Double found = candidate.details().facts().metrics().get(metric);
          return found != null && better.loss(found, bound) <= 0
              ? Optional.empty()
              : Optional.of("asked for " + words + " " + bound + ", found " + shown(found));
        });
  }

  /** A NaN is no better and no worse than anything, and does not pass. */
  private static Optional<String> noWorse(
      Better better,
      double tolerance,
      ModelVersion champion,
      @Nullable Double found,
      @Nullable Double asked) {
    boolean passes =
        found != null
            && asked != null
            && (found.equals(asked) || better.loss(found, asked) <= tolerance)
            && !found.isNaN();
    return passes
        ? Optional.empty()
        : Optional.of(
            "asked for "
                + shown(asked)
                + " of "
                + champion.label()
                + " ("
                + (better == Better.HIGHER ? "higher" : "lower")
                + " is better"
                + (tolerance == 0 ? "" : ", within " + tolerance)
                + "), found "
                + shown(found));
  }

  private static double score(
      Scorer scorer, ModelVersion version, ModelPackage modelPackage, ModelLoaders loaders) {
    try (Model model = loaders.load(modelPackage)) {
      return scorer.score(version, model);
    }
  }

  private static Duration time(Model model, List<GoldenRow> rows, LongSupplier nanoTime) {
    double[] output = new double[model.signature().output().width()];
    long[] times = new long[TIMED_PREDICTIONS];
    for (int i = 0; i < times.length; i++) {
      double[] vector = rows.get(i % rows.size()).sample().vector();
      long start = nanoTime.getAsLong();
      model.predict(vector, output);
      times[i] = nanoTime.getAsLong() - start;
    }
    Arrays.sort(times);
    return Duration.ofNanos(times[(int) (times.length * P99)]);
  }

  private static Set<String> digests(VersionDetails details, String role) {
    return details.datasets().stream()
        .filter(dataset -> dataset.role().equals(role))
        .map(DatasetReference::digest)
        .map(digest -> digest.shortHex())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String shown(@Nullable Double value) {
    return value == null ? "none recorded" : value.toString();
  }

  private static void requirePositive(String setting, long value) {
    if (value <= 0) {
      throw new IllegalArgumentException(setting + " takes a positive value, found " + value);
    }
  }

  private static void requireFinite(String setting, double bound) {
    if (!Double.isFinite(bound)) {
      throw new IllegalArgumentException(setting + " takes a finite bound, found " + bound);
    }
  }

  private static void requireTolerance(String setting, double tolerance) {
    if (!(tolerance >= 0) || !Double.isFinite(tolerance)) {
      throw new IllegalArgumentException(
          setting + " takes a tolerance of 0 or more that is finite, found " + tolerance);
    }
  }
}
