package dev.mlops4j.model;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The answer to one request. Immutable; the arrays are not to be changed.
 *
 * @param id by which an outcome is joined later: the caller's own, or one made by the predictor
 * @param model the model's name
 * @param version the number of the version that answered, or 0 for a model outside a registry
 * @param askedAt the moment the features were taken for
 * @param signature what the vector and the output mean
 * @param vector the features, as the model saw them
 * @param output what the model gave; see {@link Signature.Task}
 * @param arm which of a predictor's models answered: {@link #CHAMPION}, the name of a canary or of
 *     an arm of an A/B test, or {@link #FALLBACK}
 * @param nanos how long it took, from the request to the answer, in nanoseconds; 0 if not measured
 */
@SuppressWarnings("ArrayRecordComponent") // rows are arrays of doubles everywhere
public record Prediction(
    String id,
    String model,
    int version,
    Instant askedAt,
    Signature signature,
    double[] vector,
    double[] output,
    String arm,
    long nanos) {

  /** The arm of the model that a predictor follows or serves. */
  public static final String CHAMPION = "champion";

  /** The arm of an answer that stands in for a model that could not give one. */
  public static final String FALLBACK = "fallback";

  /** A prediction of the champion that was not timed. */
  public Prediction(
      String id,
      String model,
      int version,
      Instant askedAt,
      Signature signature,
      double[] vector,
      double[] output) {
    this(id, model, version, askedAt, signature, vector, output, CHAMPION, 0);
  }

  /** The probability of true of a binary model, the number of a regression model. */
  public double value() {
    return output[0];
  }

  /**
   * The most probable class of a multiclass model.
   *
   * @throws IllegalStateException if the model is not a multiclass one
   */
  public String label() {
    List<String> labels = signature.output().labels();
    if (labels.isEmpty()) {
      throw new IllegalStateException(
          "only a multiclass model gives a label, this one is " + signature.output().task());
    }
    int best = 0;
    for (int i = 1; i < output.length; i++) {
      if (output[i] > output[best]) {
        best = i;
      }
    }
    return labels.get(best);
  }

  /**
   * The probability of each class: by label of a multiclass model, in the order of the signature;
   * of {@code false} and {@code true} of a binary one; empty of a regression.
   */
  public Map<String, Double> probabilities() {
    Map<String, Double> probabilities = new LinkedHashMap<>();
    Signature.Output kind = signature.output();
    if (kind.task() == Signature.Task.BINARY) {
      probabilities.put("false", 1 - output[0]);
      probabilities.put("true", output[0]);
    } else {
      for (int i = 0; i < kind.labels().size(); i++) {
        probabilities.put(kind.labels().get(i), output[i]);
      }
    }
    return probabilities;
  }
}
