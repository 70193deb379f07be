package dev.mlops4j.model;

/**
 * A {@link Model} that can say what each input contributed to a prediction. As safe for several
 * threads as the model.
 */
public interface Explainable {

  /**
   * Explains the prediction of one row. Costs far more than predicting it.
   *
   * @param vector at least the signature's width; only read
   * @throws IllegalArgumentException if the vector is too short
   * @throws ExplanationException if the model's file lacks what an explanation is made of
   */
  Explanation explain(double[] vector);
}
