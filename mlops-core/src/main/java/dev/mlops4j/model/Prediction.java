package dev.mlops4j.model;

import java.time.Instant;
import java.util.List;

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
 */
@SuppressWarnings("ArrayRecordComponent") // rows are arrays of doubles everywhere
public record Prediction(
    String id,
    String model,
    int version,
    Instant askedAt,
    Signature signature,
    double[] vector,
    double[] output) {

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
}
