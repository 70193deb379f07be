package dev.mlops4j.trees;

import java.util.Arrays;
import java.util.Map;

/**
 * Makes a {@link Tree} of one section {@code Tree=} of a text model. LightGBM sends the categories
 * of a set to the left, so that children change sides.
 */
final class LightGbmTrees {

  private static final int[] NO_CATEGORIES = {};
  private static final int CATEGORICAL = 1;
  private static final int DEFAULT_LEFT = 2;
  private static final int MISSING_IS_ZERO = 1;
  private static final int MISSING_IS_NAN = 2;

  private final Map<String, String> section;
  private final LightGbmLines lines;
  private final int inner;
  private final Tree tree;

  private LightGbmTrees(Map<String, String> section, int output, LightGbmLines lines) {
    this.section = section;
    this.lines = lines;
    int leaves = lines.parseInt(lines.required(section, "num_leaves"));
    double[] leafValue = lines.doubles(section, "leaf_value");
    lines.check(leaves > 0 && leafValue.length == leaves, "leaf_value does not fit num_leaves");
    inner = leaves - 1;
    int nodes = leaves + inner;
    tree =
        new Tree(
            output,
            filled(nodes),
            filled(nodes),
            new int[nodes],
            new double[nodes],
            new byte[nodes],
            new int[nodes][],
            new double[nodes],
            new double[nodes],
            new int[nodes]);
    Arrays.fill(tree.categories(), NO_CATEGORIES);
    double[] leafCount = optional("leaf_count", leaves);
    for (int leaf = 0; leaf < leaves; leaf++) {
      tree.value()[inner + leaf] = leafValue[leaf];
      tree.cover()[inner + leaf] = leafCount[leaf];
      tree.leafId()[inner + leaf] = leaf;
    }
  }

  static BreadthFirst tree(
      Map<String, String> section, int output, int features, LightGbmLines lines) {
    if (!section.getOrDefault("is_linear", "0").equals("0")) {
      throw new UnsupportedModelException(
          "LightGBM's linear trees (linear_tree=true) are not supported");
    }
    LightGbmTrees reader = new LightGbmTrees(section, output, lines);
    reader.innerNodes();
    return BreadthFirst.of(reader.tree, features, lines.position());
  }

  private void innerNodes() {
    int[] left = required("left_child");
    int[] right = required("right_child");
    int[] feature = required("split_feature");
    int[] decision = required("decision_type");
    double[] threshold = lines.doubles(section, "threshold");
    lines.check(threshold.length == inner, "threshold does not fit num_leaves");
    double[] count = optional("internal_count", inner);
    int[] boundaries = lines.ints(section, "cat_boundaries");
    int[] words = lines.ints(section, "cat_threshold");
    for (int i = 0; i < boundaries.length; i++) {
      lines.check(
          boundaries[i] >= (i == 0 ? 0 : boundaries[i - 1]) && boundaries[i] <= words.length,
          "cat_boundaries does not fit cat_threshold");
    }
    boolean[] used = new boolean[boundaries.length];
    for (int node = 0; node < inner; node++) {
      tree.feature()[node] = feature[node];
      tree.cover()[node] = count[node];
      boolean categorical = (decision[node] & CATEGORICAL) != 0;
      tree.left()[node] = child(categorical ? right[node] : left[node]);
      tree.right()[node] = child(categorical ? left[node] : right[node]);
      if (categorical) {
        tree.flags()[node] = Tree.CATEGORICAL | Tree.DEFAULT_LEFT | Tree.TRUNCATED;
        tree.categories()[node] = set(threshold[node], boundaries, words, used);
      } else {
        numerical(node, threshold[node], decision[node]);
      }
    }
  }

  private void numerical(int node, double threshold, int decision) {
    lines.check(!Double.isNaN(threshold), "A threshold is NaN");
    tree.split()[node] = beyondZero(threshold);
    boolean defaultLeft = (decision & DEFAULT_LEFT) != 0;
    boolean zeroLeft = threshold >= 0;
    switch ((decision >> 2) & 3) {
      case MISSING_IS_NAN -> tree.flags()[node] = defaultLeft ? Tree.DEFAULT_LEFT : 0;
      case MISSING_IS_ZERO ->
          tree.flags()[node] =
              (byte) (Tree.ZERO_IS_MISSING | (defaultLeft ? Tree.DEFAULT_LEFT : 0));
      // Without missing values in training, NaN is taken for zero.
      default -> tree.flags()[node] = zeroLeft ? Tree.DEFAULT_LEFT : 0;
    }
  }

  /** LightGBM takes values up to this for zero before any tree sees them. */
  private static double beyondZero(double threshold) {
    if (Math.abs(threshold) > Walk.ZERO) {
      return threshold;
    }
    return threshold >= 0 ? Walk.ZERO : Math.nextDown(-Walk.ZERO);
  }

  /** Sets are used once, so that memory stays in proportion to the file. */
  private int[] set(double index, int[] boundaries, int[] words, boolean[] used) {
    int i = (int) index;
    lines.check(
        i >= 0 && i < boundaries.length - 1 && i == index && !used[i],
        "A set of categories does not exist or is used twice");
    used[i] = true;
    Ints set = new Ints();
    for (int word = boundaries[i]; word < boundaries[i + 1]; word++) {
      for (int bit = 0; bit < Integer.SIZE; bit++) {
        if ((words[word] >>> bit & 1) != 0) {
          set.add((word - boundaries[i]) * Integer.SIZE + bit);
        }
      }
    }
    return set.toArray();
  }

  /** Inner nodes are numbered from 0, leaves from -1 downwards. */
  private int child(int number) {
    lines.check(number != 0 && number < inner && ~number <= inner, "A child does not exist");
    return number < 0 ? inner + ~number : number;
  }

  private int[] required(String key) {
    int[] ints = lines.ints(section, key);
    lines.check(ints.length == inner, key + " does not fit num_leaves");
    return ints;
  }

  private double[] optional(String key, int length) {
    double[] doubles = lines.doubles(section, key);
    lines.check(doubles.length == 0 || doubles.length == length, key + " does not fit num_leaves");
    return doubles.length == 0 ? new double[length] : doubles;
  }

  private static int[] filled(int nodes) {
    int[] children = new int[nodes];
    Arrays.fill(children, -1);
    return children;
  }
}
