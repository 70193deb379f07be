package dev.mlops4j.model;

import java.util.function.BiConsumer;

/**
 * A loaded model: vectors in, predictions out. Immutable and safe for any number of threads.
 *
 * <p>A vector has {@code signature().width()} doubles, a prediction {@code
 * signature().output().width()}; see {@link Signature} for what they mean.
 */
public interface Model extends AutoCloseable {

  /**
   * A model of rules, averages or whatever a function computes.
   *
   * @param function fills the output, its second argument, from the vector, which it only reads;
   *     both have the signature's widths. Safe for any number of threads
   */
  static Model of(Signature signature, BiConsumer<double[], double[]> function) {
    return new FunctionModel(signature, function);
  }

  /** What it takes and gives. */
  Signature signature();

  /**
   * Predicts one row.
   *
   * @param vector at least the signature's width; only read
   * @param output at least the output's width; its first doubles are written
   * @throws IllegalArgumentException if an array is too short
   * @throws IllegalStateException if the model is closed
   */
  void predict(double[] vector, double[] output);

  /**
   * Predicts one row.
   *
   * @return a new array of the output's width
   */
  default double[] predict(double[] vector) {
    double[] output = new double[signature().output().width()];
    predict(vector, output);
    return output;
  }

  /**
   * Predicts many rows, one after the other in both arrays.
   *
   * @param vectors {@code rows} times the signature's width
   * @return {@code rows} times the output's width
   */
  default double[] predictAll(double[] vectors, int rows) {
    int in = signature().width();
    int out = signature().output().width();
    double[] vector = new double[in];
    double[] output = new double[out];
    double[] outputs = new double[Math.multiplyExact(rows, out)];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(vectors, row * in, vector, 0, in);
      predict(vector, output);
      System.arraycopy(output, 0, outputs, row * out, out);
    }
    return outputs;
  }

  /**
   * Whether many rows at once are much cheaper than one by one, so that a predictor may gather
   * concurrent requests. False unless said otherwise, and for trees.
   */
  default boolean gainsFromBatches() {
    return false;
  }

  /** Frees what the model holds outside the heap, if anything. Closing twice does nothing. */
  @Override
  default void close() {}
}
