package dev.mlops4j.monitoring;

import dev.mlops4j.MlopsException;
import dev.mlops4j.data.Timestamps;
import dev.mlops4j.feature.FeatureComputationException;
import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.Replay;
import dev.mlops4j.feature.Replayed;
import dev.mlops4j.feature.Vectorizer;
import dev.mlops4j.model.ServedLookup;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.monitoring.SkewAudit.Served;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Compares what was served with what is replayed, and counts. */
final class Replays<T> {

  private static final int BATCH = 10_000;

  private final FeatureSet<T> set;
  private final Replay<T> replay;
  private final IntFunction<Signature> signatures;
  private final int examples;
  private final Map<String, Count> counts = new LinkedHashMap<>();
  private final Map<String, NotReplayed> passed = new TreeMap<>();
  private long compared;
  private long moved;

  Replays(FeatureSet<T> set, Replay<T> replay, IntFunction<Signature> signatures, int examples) {
    this.set = set;
    this.replay = replay;
    this.signatures = signatures;
    this.examples = examples;
    set.features().forEach(feature -> counts.put(feature, new Count()));
  }

  /** Compares these, which are in order of their moments. */
  void compare(List<Served<T>> served) {
    Map<Integer, Bound<T>> vectorizers = new TreeMap<>();
    for (int from = 0; from < served.size(); from += BATCH) {
      Map<Integer, List<Served<T>>> byVersion = new TreeMap<>();
      for (Served<T> one : served.subList(from, Math.min(served.size(), from + BATCH))) {
        byVersion.computeIfAbsent(one.version(), version -> new ArrayList<>()).add(one);
      }
      byVersion.forEach(
          (version, rows) -> compare(rows, vectorizers.computeIfAbsent(version, this::vectorizer)));
    }
  }

  /** Of a version: what makes its vectors, or why nothing does. */
  private record Bound<T>(@Nullable Vectorizer<T> vectorizer, String problem) {}

  private Bound<T> vectorizer(int version) {
    try {
      return new Bound<>(set.bind(signatures.apply(version)), "");
    } catch (MlopsException e) {
      return new Bound<>(
          null, "version " + version + " does not take these features: " + e.getMessage());
    }
  }

  private void compare(List<Served<T>> rows, Bound<T> bound) {
    Vectorizer<T> vectorizer = bound.vectorizer;
    if (vectorizer == null) {
      rows.forEach(row -> pass(bound.problem, row.id()));
      return;
    }
    List<Replayed> replayed =
        replay.vectors(
            vectorizer,
            rows.stream().map(Served::request).toList(),
            rows.stream().map(Served::askedAt).toList());
    for (int i = 0; i < replayed.size(); i++) {
      compare(rows.get(i), replayed.get(i), vectorizer.signature());
    }
  }

  private void compare(Served<T> row, Replayed replayed, Signature signature) {
    RuntimeException failure = replayed.failure().orElse(null);
    if (failure != null) {
      pass(reason(failure), row.id());
      return;
    }
    double[] then = row.vector();
    double[] now = replayed.vector();
    if (then.length != now.length) {
      pass("its vector has not the width of its version's signature", row.id());
      return;
    }
    compared++;
    // The ledger has whole microseconds.
    if (Timestamps.toMicros(replayed.askedAt()) != Timestamps.toMicros(row.askedAt())) {
      moved++;
    }
    for (int i = 0; i < now.length; i++) {
      Input input = signature.inputs().get(i);
      Count count = counts.computeIfAbsent(input.name(), name -> new Count());
      count.compared++;
      if (!isSame(then[i], now[i], set.tolerance(input.name()))) {
        count.differs(row, replayed, input, then[i], now[i]);
      }
    }
  }

  private static boolean isSame(double then, double now, double tolerance) {
    return Double.doubleToLongBits(then) == Double.doubleToLongBits(now)
        || (tolerance > 0 && Math.abs(then - now) <= tolerance);
  }

  void pass(String reason, String id) {
    passed.merge(
        reason,
        new NotReplayed(reason, 1, id),
        (one, other) -> new NotReplayed(reason, one.count() + 1, one.firstPredictionId()));
  }

  /** Why, without the message, in which there may be a value. */
  static String reason(RuntimeException e) {
    return e instanceof FeatureComputationException failed
        ? "the function of \"" + failed.feature() + "\" threw " + name(failed.getCause())
        : name(e);
  }

  private static String name(@Nullable Throwable e) {
    return e == null ? "" : e.getClass().getName();
  }

  long compared() {
    return compared;
  }

  long moved() {
    return moved;
  }

  List<FeatureSkew> features() {
    List<FeatureSkew> features = new ArrayList<>();
    counts.forEach(
        (name, count) -> {
          if (count.compared > 0) {
            features.add(
                new FeatureSkew(
                    name,
                    set.isSensitive(name),
                    count.compared,
                    count.differing,
                    count.largest,
                    count.first,
                    count.servedEvents));
          }
        });
    return features;
  }

  List<NotReplayed> notReplayed() {
    return List.copyOf(passed.values());
  }

  private final class Count {

    private final List<SkewExample> first = new ArrayList<>();
    private final SortedMap<ServedEvent, Long> servedEvents = new TreeMap<>();
    private long compared;
    private long differing;
    private double largest = Double.NaN;

    void differs(Served<T> row, Replayed replayed, Input input, double then, double now) {
      differing++;
      boolean sensitive = set.isSensitive(input.name());
      double difference = Math.abs(then - now);
      if (!sensitive
          && input.type() == Signature.InputType.NUMERIC
          && !Double.isNaN(difference)
          && !(difference <= largest)) {
        largest = difference;
      }
      String alias = replayed.alias(input.name()).orElse(null);
      Instant eventTime = replayed.eventTime(input.name()).orElse(null);
      ServedLookup lookup = alias == null ? null : row.lookup(alias);
      ServedEvent event = alias == null ? null : ServedEvent.of(lookup, eventTime);
      if (event != null) {
        servedEvents.merge(event, 1L, Long::sum);
      }
      if (first.size() < examples) {
        first.add(
            new SkewExample(
                row.id(),
                row.askedAt(),
                row.version(),
                sensitive ? null : value(input, then),
                sensitive ? null : value(input, now),
                eventTime,
                lookup,
                event));
      }
    }
  }

  private static @Nullable Object value(Input input, double value) {
    if (Double.isNaN(value)) {
      return null;
    }
    boolean named =
        input.type() == Signature.InputType.CATEGORICAL
            && value >= 0
            && value < input.categories().size();
    return named ? input.categories().get((int) value) : (Object) value;
  }
}
