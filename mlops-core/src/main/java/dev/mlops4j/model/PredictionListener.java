package dev.mlops4j.model;

/**
 * Hears of every prediction, on the caller's thread: it must be quick and must not block. What it
 * throws is logged and counted, and never reaches the caller of the predictor.
 */
@FunctionalInterface
public interface PredictionListener {

  /** A prediction was given. */
  void predicted(Prediction prediction);
}
