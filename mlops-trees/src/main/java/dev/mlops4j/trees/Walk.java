package dev.mlops4j.trees;

/** The ways from a tree's root to a leaf. All give the same leaf; they differ in speed. */
final class Walk {

  /** LightGBM takes numbers that are not greater than this, nor less than its negative, for 0. */
  static final double ZERO = 1e-35f;

  /** The bits of infinity; those of a NaN, without its sign, are greater. */
  private static final int INFINITY = 0x7f80_0000;

  private static final int NO_SIGN = 0x7fff_ffff;

  private Walk() {}

  /** Whether a feature of a row is NaN. */
  static boolean hasMissing(float[] rows, int from, int features) {
    boolean missing = false;
    for (int i = from; i < from + features; i++) {
      missing |= Float.isNaN(rows[i]);
    }
    return missing;
  }

  /** Takes a step that is right for a leaf and for a plain node, if the value is not NaN. */
  static int step(long[] node, int[] feature, float[] rows, int from, int at) {
    long here = node[at];
    return (int) here
        + (rows[from + feature[at]] <= Float.intBitsToFloat((int) (here >>> 32)) ? 0 : 1);
  }

  /** Takes a step that is right for a leaf and for a plain node, for any value. */
  static int stepIfMissing(long[] node, int[] ask, float[] rows, int from, int at) {
    long here = node[at];
    int asked = ask[at];
    float x = rows[from + (asked >>> 1)];
    int right = x <= Float.intBitsToFloat((int) (here >>> 32)) ? 0 : 1;
    int missing = (INFINITY - (Float.floatToRawIntBits(x) & NO_SIGN)) >>> 31;
    return (int) here + (right & ~(missing & asked));
  }

  /**
   * Takes a step that is right for a leaf and for a plain node, for any value, in columns that hold
   * each feature twice: see {@link Batch}.
   *
   * @param shift how far the number of a column is shifted to where it begins
   */
  static int stepInColumns(long[] node, int[] ask, float[] columns, int shift, int row, int at) {
    long here = node[at];
    float x = columns[(ask[at] << shift) + row];
    return (int) here + (x <= Float.intBitsToFloat((int) (here >>> 32)) ? 0 : 1);
  }

  /** Returns the leaf of one tree of any kind. */
  static int leaf(Forest forest, int tree, float[] rows, int from) {
    int at = forest.root[tree];
    while (!forest.isLeaf(at)) {
      at = forest.firstChild(at) + (goesLeft(forest, at, rows[from + forest.feature[at]]) ? 0 : 1);
    }
    return at;
  }

  /** Returns the leaf of one tree of any kind, for a row at full precision. */
  static int leaf(Forest forest, int tree, double[] row) {
    int at = forest.root[tree];
    while (!forest.isLeaf(at)) {
      at = forest.firstChild(at) + (goesLeft(forest, at, row[forest.feature[at]]) ? 0 : 1);
    }
    return at;
  }

  /** Where a node that is no leaf sends a value. */
  static boolean goesLeft(Forest forest, int at, double x) {
    int flags = forest.flags[at];
    if (Double.isNaN(x) || ((flags & Tree.ZERO_IS_MISSING) != 0 && Math.abs(x) <= ZERO)) {
      return (flags & Tree.DEFAULT_LEFT) != 0;
    }
    if ((flags & Tree.CATEGORICAL) != 0) {
      return !forest.categories.contains(at, x, (flags & Tree.TRUNCATED) != 0);
    }
    return x <= forest.split[at];
  }
}
