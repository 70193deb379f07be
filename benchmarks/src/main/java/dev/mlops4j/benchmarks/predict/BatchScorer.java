package dev.mlops4j.benchmarks.predict;

/** Predicts many rows in one call, on one thread. */
interface BatchScorer extends AutoCloseable {

  /**
   * Predicts the probabilities of these rows, which come one after another.
   *
   * @return at least as many values as there are rows
   */
  float[] predict(float[] rows, int count) throws Exception;

  @Override
  default void close() {}
}
