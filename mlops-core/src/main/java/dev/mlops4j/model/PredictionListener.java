package dev.mlops4j.model;

/**
 * Hears of every prediction, on the caller's thread: it must be quick and must not block. What it
 * throws is logged and counted, and never reaches the caller of the predictor.
 */
@FunctionalInterface
public interface PredictionListener {

  /** A prediction was given. */
  void predicted(Prediction prediction);

  /**
   * A prediction was given to this request. What a predictor calls; unless overridden it forgets
   * the request.
   *
   * @param request what was asked, of the predictor's type; not to be changed
   */
  default void predicted(Object request, Prediction prediction) {
    predicted(prediction);
  }
}
