package dev.mlops4j.trees;

import java.util.Arrays;

/** Reads one element of {@code trees} in a model of XGBoost. */
final class XgBoostTrees {

  private static final int[] NO_CATEGORIES = {};

  private final Values values;

  private int[] left = {};
  private int[] right = {};
  private int[] feature = {};
  private float[] condition = {};
  private int[] defaultLeft = {};
  private int[] splitType = {};
  private float[] cover = {};
  private int[] categories = {};
  private int[] categoriesNodes = {};
  private int[] categoriesSegments = {};
  private int[] categoriesSizes = {};

  private XgBoostTrees(Values values) {
    this.values = values;
  }

  /** Takes one tree, whose {@code output} is not known yet and therefore 0. */
  static Tree next(Values values) {
    XgBoostTrees tree = new XgBoostTrees(values);
    values.beginObject();
    for (String key = values.nextKey(); key != null; key = values.nextKey()) {
      tree.take(key);
    }
    return tree.checked();
  }

  private void take(String key) {
    switch (key) {
      case "left_children" -> left = values.nextInts();
      case "right_children" -> right = values.nextInts();
      case "split_indices" -> feature = values.nextInts();
      case "split_conditions" -> condition = values.nextFloats();
      case "default_left" -> defaultLeft = values.nextInts();
      case "split_type" -> splitType = values.nextInts();
      case "sum_hessian" -> cover = values.nextFloats();
      case "categories" -> categories = values.nextInts();
      case "categories_nodes" -> categoriesNodes = values.nextInts();
      case "categories_segments" -> categoriesSegments = values.nextInts();
      case "categories_sizes" -> categoriesSizes = values.nextInts();
      case "tree_param" -> param();
      default -> values.skip();
    }
  }

  private void param() {
    values.beginObject();
    for (String key = values.nextKey(); key != null; key = values.nextKey()) {
      if (key.equals("size_leaf_vector") && values.peek() != Values.Kind.LITERAL) {
        if (values.nextInt() > 1) {
          throw new UnsupportedModelException(
              "XGBoost's multi-output trees (multi_strategy=multi_output_tree) are not supported;"
                  + " train with multi_strategy=one_output_per_tree");
        }
      } else {
        values.skip();
      }
    }
  }

  private Tree checked() {
    int nodes = left.length;
    check("right_children", right.length, nodes);
    check("split_indices", feature.length, nodes);
    check("split_conditions", condition.length, nodes);
    check("default_left", defaultLeft.length, nodes);
    if (splitType.length != 0) {
      check("split_type", splitType.length, nodes);
    }
    if (cover.length != 0) {
      check("sum_hessian", cover.length, nodes);
    }
    double[] split = new double[nodes];
    double[] value = new double[nodes];
    double[] weight = new double[nodes];
    byte[] flags = new byte[nodes];
    int[] id = new int[nodes];
    for (int i = 0; i < nodes; i++) {
      value[i] = condition[i];
      split[i] = greatestBelow(condition[i]);
      weight[i] = cover.length == 0 ? 0 : cover[i];
      flags[i] = defaultLeft[i] == 0 ? 0 : Tree.DEFAULT_LEFT;
      id[i] = i;
    }
    int[][] sets = sets(flags);
    return new Tree(0, left, right, feature, split, flags, sets, value, weight, id);
  }

  /** XGBoost sends to the left what is less than its condition. */
  private static float greatestBelow(float condition) {
    return condition == Float.NEGATIVE_INFINITY ? Float.NaN : Math.nextDown(condition);
  }

  private int[][] sets(byte[] flags) {
    int[][] sets = new int[flags.length][];
    Arrays.fill(sets, NO_CATEGORIES);
    check("categories_segments", categoriesSegments.length, categoriesNodes.length);
    check("categories_sizes", categoriesSizes.length, categoriesNodes.length);
    int end = 0;
    for (int i = 0; i < categoriesNodes.length; i++) {
      int node = categoriesNodes[i];
      int size = categoriesSizes[i];
      // Sets follow one another, so that none is read twice and memory stays in proportion.
      if (node < 0
          || node >= flags.length
          || flags[node] >= Tree.CATEGORICAL
          || categoriesSegments[i] != end
          || size < 0
          || size > categories.length - end) {
        throw values.malformed("The categories of node " + node + " are damaged");
      }
      sets[node] = Arrays.copyOfRange(categories, end, end + size);
      Arrays.sort(sets[node]);
      flags[node] |= Tree.CATEGORICAL;
      end += size;
    }
    for (int node = 0; node < splitType.length; node++) {
      boolean categorical = splitType[node] != 0;
      if (left[node] != -1 && categorical != flags[node] >= Tree.CATEGORICAL) {
        throw values.malformed("Node " + node + " is categorical, but only in one place");
      }
    }
    return sets;
  }

  private void check(String array, int length, int expected) {
    if (length != expected) {
      throw values.malformed(
          "A tree's %s has %d values instead of %d".formatted(array, length, expected));
    }
  }
}
