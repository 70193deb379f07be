package dev.mlops4j.benchmarks.predict;

/** Predicts rows as a service does that has them as floats: one at a time, on one thread. */
interface RowScorer extends AutoCloseable {

  /** Predicts the probability for one row; NaN is missing. */
  float predict(float[] row) throws Exception;

  @Override
  default void close() {}
}
