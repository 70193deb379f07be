package dev.mlops4j.serving;

import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who answers a request: an arm, the champion if the arm cannot, the fallback if neither can. */
final class Answers<T> {

  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);
  private static final double[] NO_VECTOR = new double[0];

  private final Arms<T> arms;
  private final Requests<T> requests;
  private final @Nullable Fallback fallback;
  private final Listeners listeners;
  private final Map<Fallback.Cause, LongAdder> fallbacks = new EnumMap<>(Fallback.Cause.class);
  private final LongAdder failed = new LongAdder();
  private final LongAdder armFailures = new LongAdder();

  Answers(Arms<T> arms, Requests<T> requests, @Nullable Fallback fallback, Listeners listeners) {
    this.listeners = listeners;
    this.arms = arms;
    this.requests = requests;
    this.fallback = fallback;
    for (Fallback.Cause cause : Fallback.Cause.values()) {
      fallbacks.put(cause, new LongAdder());
    }
  }

  /**
   * The answer of a model: of the arm of the request, or else of the champion.
   *
   * @param lookups where what was looked up is kept, or null
   */
  Prediction model(String id, T request, long start, @Nullable LookupRecord lookups) {
    Arm<T> arm = arms.of(request);
    if (arm != arms.champion()) {
      try {
        return arm.predict(id, request, start, lookups);
      } catch (InvalidRequestException e) {
        throw e;
      } catch (RuntimeException e) {
        armFailed(arm, e);
      }
    }
    return arms.champion().predict(id, request, start, lookups);
  }

  /**
   * The answers of models to many requests, or fallbacks for those that fail.
   *
   * @param lookups where what was looked up is kept, by id; those not to be kept are left out
   */
  List<Prediction> models(
      List<String> ids, List<T> all, long start, Map<String, LookupRecord> lookups) {
    Map<Arm<T>, List<Integer>> byArm = new LinkedHashMap<>();
    for (int i = 0; i < all.size(); i++) {
      byArm.computeIfAbsent(arms.of(all.get(i)), arm -> new ArrayList<>()).add(i);
    }
    Prediction[] answers = new Prediction[all.size()];
    byArm.forEach((arm, rows) -> batch(arm, rows, ids, all, start, lookups, answers));
    return List.of(answers);
  }

  private void batch(
      Arm<T> arm,
      List<Integer> rows,
      List<String> ids,
      List<T> all,
      long start,
      Map<String, LookupRecord> lookups,
      Prediction[] answers) {
    try {
      List<Prediction> predictions =
          arm.predictAll(
              rows.stream().map(ids::get).toList(),
              rows.stream().map(all::get).toList(),
              start,
              lookups);
      for (int i = 0; i < predictions.size(); i++) {
        answers[rows.get(i)] = predictions.get(i);
      }
    } catch (RuntimeException e) {
      // One request may have spoiled it for the others: each is asked alone.
      for (int row : rows) {
        answers[row] = alone(ids.get(row), all.get(row), lookups.get(ids.get(row)));
      }
    }
  }

  private Prediction alone(String id, T request, @Nullable LookupRecord lookups) {
    long start = System.nanoTime();
    try {
      return model(id, request, start, lookups);
    } catch (RuntimeException e) {
      return instead(id, e, start);
    }
  }

  private void armFailed(Arm<T> arm, RuntimeException e) {
    if (armFailures.sum() == 0) {
      LOG.warn(
          "arm \"{}\" failed, the champion answers; further failures are only counted",
          arm.name(),
          e);
    }
    armFailures.increment();
  }

  /**
   * The fallback. Listeners hear of the failure, unless the request was refused as wrong.
   *
   * @throws RuntimeException the failure, if there is no fallback for it
   */
  Prediction instead(String id, RuntimeException failure, long start) {
    Fallback configured = fallback;
    List<Input> inputs = inputs();
    if (!(failure instanceof InvalidRequestException) && !arms.champion().isClosed()) {
      listeners.failed(id, failure);
    }
    if (configured == null
        || failure instanceof InvalidRequestException
        || arms.champion().isClosed()
        || inputs.isEmpty()) {
      failed.increment();
      throw failure;
    }
    LongAdder count = fallbacks.get(cause(failure));
    if (count != null) {
      if (count.sum() == 0) {
        LOG.warn("a fallback was answered; further ones of this cause are only counted", failure);
      }
      count.increment();
    }
    return new Prediction(
        id,
        arms.model(),
        0,
        Instant.now(),
        new Signature(inputs, configured.output()),
        NO_VECTOR,
        configured.values(),
        Prediction.FALLBACK,
        System.nanoTime() - start);
  }

  private List<Input> inputs() {
    Signature known = arms.signature();
    return known == null ? requests.inputs() : known.inputs();
  }

  private static Fallback.Cause cause(RuntimeException failure) {
    if (failure instanceof PredictionTimeoutException) {
      return Fallback.Cause.TIMEOUT;
    }
    if (failure instanceof PredictorOverloadedException) {
      return Fallback.Cause.OVERLOADED;
    }
    if (failure instanceof MissingFeatureException) {
      return Fallback.Cause.MISSING_FEATURE;
    }
    if (failure instanceof NoServingVersionException) {
      return Fallback.Cause.NO_VERSION;
    }
    return Fallback.Cause.ERROR;
  }

  SortedMap<Fallback.Cause, Long> fallbacks() {
    SortedMap<Fallback.Cause, Long> counts = new TreeMap<>();
    fallbacks.forEach((cause, count) -> counts.put(cause, count.sum()));
    return counts;
  }

  long failed() {
    return failed.sum();
  }

  long armFailures() {
    return armFailures.sum();
  }
}
