package dev.mlops4j.model;

import java.util.List;

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

  /**
   * Whether this listener wants to know what the lookups of a prediction find: asked for every
   * prediction before its features are made, so it must be quicker still. Unless overridden it does
   * not, and nothing is kept for it.
   *
   * @param predictionId the id the prediction will have, should there be one
   */
  default boolean wantsLookups(String predictionId) {
    return false;
  }

  /**
   * A prediction was given to this request, of which a listener wanted the lookups. What a
   * predictor calls then; unless overridden it forgets them.
   *
   * @param request what was asked, of the predictor's type; not to be changed
   * @param lookups one for each lookup of the feature set that the version answering uses, in its
   *     order, as the vector was made of them; empty if it looks nothing up
   */
  default void predicted(Object request, Prediction prediction, List<ServedLookup> lookups) {
    predicted(request, prediction);
  }

  /**
   * No model answered a request: a model, a feature or a lookup failed, a timeout passed, or no
   * version serves. The caller got a fallback or an exception. Not called of a request that was
   * refused as wrong, nor by a predictor that is closed. Unless overridden it does nothing.
   *
   * @param predictionId the id the prediction would have had
   * @param failure why there is none
   */
  default void failed(String predictionId, Throwable failure) {}
}
