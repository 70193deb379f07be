package dev.mlops4j.trees;

/** The ways from a tree's root to a leaf. All give the same leaf; they differ in speed. */
final class Walk {

  /** LightGBM takes numbers that are not greater than this, nor less than its negative, for 0. */
  static final double ZERO = 1e-35f;

  private Walk() {}

  /**
   * Takes a step that is right for a leaf too.
   *
   * @param answers what a row answers each ask: see {@link Asks}
   */
  static int step(long[] node, int[] ask, int[] answers, int at) {
    long here = node[at];
    return next(here, answers[ask[at]]);
  }

  /**
   * Takes a step that is right for a leaf too, where what {@link Batch#LANES} rows answer an ask
   * lies together.
   *
   * @param from where the row's answer to the first ask is
   */
  static int stepInBatch(long[] node, int[] ask, int[] answers, int from, int at) {
    long here = node[at];
    return next(here, answers[(ask[at] << Batch.LANE_BITS) + from]);
  }

  /** The first child, or the second if the answer is greater than the split. */
  private static int next(long here, int answer) {
    return (int) here + (int) (((here >> 32) - answer) >>> 63);
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
