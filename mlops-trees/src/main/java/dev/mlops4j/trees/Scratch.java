package dev.mlops4j.trees;

/**
 * Arrays of each thread's own, so that a prediction allocates nothing and shares nothing. What is
 * in them is of use until the same method is called again.
 */
final class Scratch {

  /** Enough for most models. */
  private static final int USUAL = 64;

  // Arrays of numbers and no class of ours: a thread that outlives an application does not hold it.
  private static final ThreadLocal<int[]> ANSWERS = ThreadLocal.withInitial(() -> new int[USUAL]);
  private static final ThreadLocal<float[]> ROW = create();
  private static final ThreadLocal<float[]> OUT = create();
  private static final ThreadLocal<double[]> SUMS =
      ThreadLocal.withInitial(() -> new double[USUAL]);

  private Scratch() {}

  private static ThreadLocal<float[]> create() {
    return ThreadLocal.withInitial(() -> new float[USUAL]);
  }

  /** Returns an array of at least this length. */
  static int[] answers(int length) {
    int[] array = ANSWERS.get();
    if (array.length < length) {
      array = new int[length];
      ANSWERS.set(array);
    }
    return array;
  }

  /** Returns an array that begins with a row as floats. */
  static float[] row(double[] row) {
    float[] floats = of(ROW, row.length);
    for (int i = 0; i < row.length; i++) {
      floats[i] = (float) row[i];
    }
    return floats;
  }

  /** Returns an array of at least this length. */
  static float[] out(int length) {
    return of(OUT, length);
  }

  /** Returns an array of at least this length. */
  static double[] sums(int length) {
    double[] array = SUMS.get();
    if (array.length < length) {
      array = new double[length];
      SUMS.set(array);
    }
    return array;
  }

  private static float[] of(ThreadLocal<float[]> local, int length) {
    float[] array = local.get();
    if (array.length < length) {
      array = new float[length];
      local.set(array);
    }
    return array;
  }
}
