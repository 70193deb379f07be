package dev.mlops4j.model;

/** Checks the arrays that models are handed. */
public final class ModelArrays {

  private ModelArrays() {}

  /**
   * Checks the arrays of {@link Model#predict(double[], double[])}.
   *
   * @throws IllegalArgumentException if one is shorter than the signature asks for
   */
  public static void check(Signature signature, double[] vector, double[] output) {
    int in = signature.width();
    int out = signature.output().width();
    if (vector.length < in || output.length < out) {
      throw new IllegalArgumentException(
          "a vector of "
              + in
              + " and an output of "
              + out
              + " doubles are needed, found "
              + vector.length
              + " and "
              + output.length);
    }
  }

  /**
   * Checks the arguments of {@link Model#predictAll}.
   *
   * @throws IllegalArgumentException if the rows are negative or more than there are doubles for
   */
  public static void checkRows(Signature signature, double[] vectors, int rows) {
    int in = signature.width();
    if (rows < 0 || vectors.length < (long) rows * in) {
      throw new IllegalArgumentException(
          rows + " rows of " + in + " doubles are needed, found " + vectors.length + " doubles");
    }
  }
}
