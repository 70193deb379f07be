package dev.mlops4j.trees;

/**
 * One tree as a reader found it; {@link ForestBuilder} checks it and lays it out. Node 0 is the
 * root.
 *
 * <p>A row goes left where its value is at most {@code split}, and right otherwise; where the node
 * has {@code categories}, it goes right if its value is among them, and left otherwise. A missing
 * value goes where {@link #DEFAULT_LEFT} says.
 *
 * @param output the margin that the tree adds to
 * @param left the left child of each node, -1 for a leaf
 * @param right the right child of each node
 * @param feature the index of the feature that each node asks for
 * @param split the greatest value that goes left, of each node that is not a leaf; NaN if none does
 * @param flags the sum of the constants below, of each node
 * @param categories of each node its set, ascending; empty where the node compares numbers
 * @param value what each leaf adds
 * @param cover how much of the training data, counted or weighted, reached each node
 * @param leafId how the library that trained the tree names each leaf
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Tree(
    int output,
    int[] left,
    int[] right,
    int[] feature,
    double[] split,
    byte[] flags,
    int[][] categories,
    double[] value,
    double[] cover,
    int[] leafId) {

  /** A missing value goes left. */
  static final byte DEFAULT_LEFT = 1;

  /** The node asks whether a category is in its set. */
  static final byte CATEGORICAL = 2;

  /** LightGBM's {@code zero_as_missing}: a zero is a missing value. */
  static final byte ZERO_IS_MISSING = 4;

  /** LightGBM takes a category of -0.5 for 0, XGBoost for no category at all. */
  static final byte TRUNCATED = 8;

  int nodes() {
    return left.length;
  }

  /** Returns the same tree for an output, each leaf weighted in float32. */
  Tree to(int other, float weight) {
    double[] weighted = value;
    if (weight != 1) {
      weighted = value.clone();
      for (int i = 0; i < weighted.length; i++) {
        weighted[i] = (float) weighted[i] * weight;
      }
    }
    return new Tree(other, left, right, feature, split, flags, categories, weighted, cover, leafId);
  }

  boolean isLeaf(int node) {
    return left[node] == -1;
  }
}
