package dev.mlops4j.serving;

import dev.mlops4j.MlopsException;

/**
 * All workers of a predictor and all places to wait for one are taken: more is asked than it can
 * do, or what it waits for (an online store, a native model) hangs.
 */
public class PredictorOverloadedException extends MlopsException {

  private static final long serialVersionUID = 1L;

  PredictorOverloadedException(int workers, int waiting) {
    super(
        "a prediction was asked, but all "
            + workers
            + " workers and "
            + waiting
            + " places to wait are taken; ask less, find what holds the workers up, or set"
            + " workers(...) otherwise");
  }
}
