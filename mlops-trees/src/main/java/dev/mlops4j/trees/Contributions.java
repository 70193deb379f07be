package dev.mlops4j.trees;

import java.util.Arrays;

/**
 * Exact Shapley values of the features, path dependent: algorithm 2 of Lundberg et al., Consistent
 * Individualized Feature Attribution for Tree Ensembles (2018), in float64. Takes O(L D^2) for a
 * tree of L leaves and depth D, and allocates O(D^2).
 */
final class Contributions {

  /** The recursion goes as deep as the tree. */
  static final int DEEPEST = 512;

  private final Forest forest;
  private final float[] row;
  private final double[] out;
  private final int to;

  private Contributions(Forest forest, float[] row, double[] out, int to) {
    this.forest = forest;
    this.row = row;
    this.out = out;
    this.to = to;
  }

  static void compute(Description model, Forest forest, float[] row, double[] out) {
    Arrays.fill(out, 0);
    checkDepth(forest);
    ShapPath path = ShapPath.root();
    for (int output = 0; output < forest.outputs(); output++) {
      int to = output * (row.length + 1);
      Contributions contributions = new Contributions(forest, row, out, to);
      double base = model.base()[output];
      for (int tree = forest.first[output]; tree < forest.end(output); tree++) {
        int root = forest.root[tree];
        base += forest.value[root];
        contributions.descend(root, path);
      }
      out[to + row.length] = base;
    }
  }

  private static void checkDepth(Forest forest) {
    int deepest = 0;
    for (int output = 0; output < forest.outputs(); output++) {
      for (int tree = forest.first[output]; tree < forest.end(output); tree++) {
        int root = forest.root[tree];
        if (!forest.isLeaf(root) && !(forest.cover[root] > 0)) {
          throw new UnsupportedModelException(
              "The model does not say how much training data reached its nodes, which"
                  + " contributions need");
        }
        deepest = Math.max(deepest, forest.depth[tree]);
      }
    }
    if (deepest > DEEPEST) {
      throw new UnsupportedModelException(
          "Contributions are computed for trees of up to %d levels, this model has one of %d"
              .formatted(DEEPEST, deepest));
    }
  }

  /** Goes down to all leaves below a node. */
  private void descend(int node, ShapPath path) {
    if (forest.isLeaf(node)) {
      for (int i = 1; i <= path.last(); i++) {
        out[to + path.feature(i)] += path.share(i) * forest.value[node];
      }
      return;
    }
    int feature = forest.feature[node];
    double zero = 1;
    double one = 1;
    ShapPath others = path;
    int earlier = path.find(feature);
    if (earlier >= 0) {
      zero = path.zero(earlier);
      one = path.one(earlier);
      others = path.without(earlier);
    }
    int left = forest.firstChild(node);
    double toLeft = forest.shareOfLeft(node);
    boolean goesLeft = Walk.goesLeft(forest, node, row[feature]);
    descend(left, others, zero * toLeft, goesLeft ? one : 0, feature);
    descend(left + 1, others, zero * (1 - toLeft), goesLeft ? 0 : one, feature);
  }

  private void descend(int node, ShapPath others, double zero, double one, int feature) {
    // What neither the row nor any training data reaches counts for nothing.
    if (zero != 0 || one != 0) {
      descend(node, others.extended(zero, one, feature));
    }
  }
}
