package dev.mlops4j.serving;

import dev.mlops4j.model.Explainable;
import dev.mlops4j.model.Explanation;
import dev.mlops4j.model.ExplanationException;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A loaded model with the features that feed it, closed exactly once, after its last prediction.
 *
 * <p>{@code users} counts the predictions under way. {@link #retire} adds {@link #RETIRED}, after
 * which nobody can begin; whoever brings the count down to exactly that value, and is the first to
 * put {@link #CLOSED} in its place, closes the model.
 */
final class ServedVersion<T> {

  private static final Logger LOG = LoggerFactory.getLogger(ServedVersion.class);

  private static final long RETIRED = 1L << 61;
  private static final long CLOSED = 1L << 62;

  private final String name;
  private final int number;
  private final Model model;
  private final boolean owned;
  private final RowVectors<T> vectors;
  private final VersionLoader<T> settings;
  private final @Nullable BoundChecks checks;
  private final boolean[] required;
  private final boolean requiresAny;
  private final @Nullable Batcher batcher;
  private final AtomicLong users = new AtomicLong();

  /**
   * Takes a model.
   *
   * @param owned whether to close it
   * @param required which inputs must not be missing
   * @param batcher of the model, or null if it predicts each row at once
   */
  ServedVersion(
      String name,
      int number,
      Model model,
      boolean owned,
      RowVectors<T> vectors,
      VersionLoader<T> settings,
      @Nullable BoundChecks checks,
      boolean[] required,
      @Nullable Batcher batcher) {
    this.name = name;
    this.number = number;
    this.model = model;
    this.owned = owned;
    this.vectors = vectors;
    this.settings = settings;
    this.checks = checks;
    this.required = required;
    this.batcher = batcher;
    boolean any = false;
    for (boolean one : required) {
      any |= one;
    }
    this.requiresAny = any;
  }

  int number() {
    return number;
  }

  Signature signature() {
    return model.signature();
  }

  /** Whether a prediction may begin; each that may ends with {@link #release}. */
  boolean acquire() {
    // Adding is one instruction, where comparing and setting would be tried again under load.
    if (users.incrementAndGet() < RETIRED) {
      return true;
    }
    release();
    return false;
  }

  void release() {
    if (users.decrementAndGet() == RETIRED) {
      closeOnce();
    }
  }

  /**
   * No prediction begins from now on; the model closes when those under way have ended. Called
   * once.
   */
  void retire() {
    if (users.addAndGet(RETIRED) == RETIRED) {
      closeOnce();
    }
  }

  /**
   * Predicts between {@link #acquire} and {@link #release}.
   *
   * @param start of the request, by {@link System#nanoTime}
   * @param lookups where what was looked up is kept, or null
   */
  Prediction predict(String id, T request, String arm, long start, @Nullable LookupRecord lookups) {
    Batcher gathering = batcher;
    if (gathering == null) {
      Instant askedAt = askedAt(request);
      double[] vector = vector(request, askedAt, lookups);
      return prediction(id, askedAt, vector, model.predict(vector), arm, start);
    }
    gathering.enter();
    Instant askedAt;
    double[] vector;
    try {
      askedAt = askedAt(request);
      vector = vector(request, askedAt, lookups);
    } catch (RuntimeException | Error e) {
      gathering.leave();
      throw e;
    }
    return prediction(id, askedAt, vector, gathering.predict(vector), arm, start);
  }

  private Prediction prediction(
      String id, Instant askedAt, double[] vector, double[] output, String arm, long start) {
    return new Prediction(
        id,
        name,
        number,
        askedAt,
        model.signature(),
        vector,
        output,
        arm,
        System.nanoTime() - start);
  }

  /** Predicts many requests at once, between {@link #acquire} and {@link #release}. */
  List<Prediction> predictAll(
      List<String> ids,
      List<T> requests,
      String arm,
      long start,
      Map<String, LookupRecord> lookups) {
    int rows = requests.size();
    int width = model.signature().width();
    int outputs = model.signature().output().width();
    Instant[] asked = new Instant[rows];
    double[][] rowVectors = new double[rows][];
    double[] all = new double[Math.multiplyExact(rows, width)];
    for (int row = 0; row < rows; row++) {
      asked[row] = askedAt(requests.get(row));
      rowVectors[row] = vector(requests.get(row), asked[row], lookups.get(ids.get(row)));
      System.arraycopy(rowVectors[row], 0, all, row * width, width);
    }
    double[] predicted = model.predictAll(all, rows);
    long nanosEach = (System.nanoTime() - start) / Math.max(1, rows);
    List<Prediction> predictions = new ArrayList<>(rows);
    for (int row = 0; row < rows; row++) {
      predictions.add(
          new Prediction(
              ids.get(row),
              name,
              number,
              asked[row],
              model.signature(),
              rowVectors[row],
              Arrays.copyOfRange(predicted, row * outputs, (row + 1) * outputs),
              arm,
              nanosEach));
    }
    return predictions;
  }

  /**
   * Explains a vector, between {@link #acquire} and {@link #release}.
   *
   * @throws ExplanationException if the model does not explain
   */
  Explanation explain(double[] vector) {
    if (model instanceof Explainable explainable) {
      return explainable.explain(vector);
    }
    throw new ExplanationException(
        "version "
            + number
            + " of \""
            + name
            + "\" cannot explain a prediction: its model is no Explainable; trees read by"
            + " mlops-trees are");
  }

  /** Predicts for a moment that is given, between {@link #acquire} and {@link #release}. */
  Prediction predictAt(Instant askedAt, String id, T request, String arm, long start) {
    double[] vector = vector(request, askedAt, null);
    return prediction(id, askedAt, vector, model.predict(vector), arm, start);
  }

  private Instant askedAt(T request) {
    Optional<Instant> stated = vectors.askedAt(request);
    return stated.isPresent() ? stated.get() : settings.clock().instant();
  }

  private double[] vector(T request, Instant askedAt, @Nullable LookupRecord lookups) {
    BoundChecks bound = checks;
    double[] vector =
        bound == null
            ? vectors.vector(request, askedAt, settings.lookup(), ServedVersion::ignore, lookups)
            : checked(bound, request, askedAt, lookups);
    if (requiresAny) {
      for (int i = 0; i < required.length; i++) {
        if (required[i] && Double.isNaN(vector[i])) {
          throw new MissingFeatureException(model.signature().inputs().get(i).name());
        }
      }
    }
    return vector;
  }

  private double[] checked(
      BoundChecks bound, T request, Instant askedAt, @Nullable LookupRecord lookups) {
    RequestProblems problems = new RequestProblems();
    BiConsumer<String, String> unseen =
        bound.refusesUnseenCategories()
            ? (input, category) ->
                problems.add(
                    "\""
                        + input
                        + "\" has a category that training did not see"
                        + (vectors.isSensitive(input)
                            ? ""
                            : ": \"" + RequestProblems.excerpt(category) + "\""))
            : ServedVersion::ignore;
    double[] vector = vectors.vector(request, askedAt, settings.lookup(), unseen, lookups);
    bound.check(vector, problems);
    problems.throwIfAny();
    return vector;
  }

  /** An acquire that came too late may bring the count down to RETIRED a second time. */
  private void closeOnce() {
    if (users.compareAndSet(RETIRED, CLOSED) && owned) {
      try {
        model.close();
      } catch (Throwable e) {
        // This is the thread of a prediction that succeeded, or of one that brings the next
        // version.
        LOG.warn("version {} of \"{}\" did not close; its model may leak", number, name, e);
      }
    }
  }

  private static void ignore(String input, String category) {}
}
