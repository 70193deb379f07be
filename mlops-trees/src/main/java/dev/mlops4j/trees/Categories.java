package dev.mlops4j.trees;

import java.util.Arrays;

/**
 * The sets of categories of all nodes, one after another, each ascending. Not bit sets: a file of a
 * few bytes can name the category 16,777,215, and memory must stay in proportion to the file.
 */
final class Categories {

  /** XGBoost takes this and every greater value for no category. */
  private static final double XGBOOST_END = 16_777_216;

  private final int[] begin;
  private final int[] members;

  private Categories(int[] begin, int[] members) {
    this.begin = begin;
    this.members = members;
  }

  /** Takes one set for each node. */
  static Categories of(int[][] sets) {
    int[] begin = new int[sets.length + 1];
    for (int i = 0; i < sets.length; i++) {
      begin[i + 1] = begin[i] + sets[i].length;
    }
    int[] members = new int[begin[sets.length]];
    for (int i = 0; i < sets.length; i++) {
      System.arraycopy(sets[i], 0, members, begin[i], sets[i].length);
    }
    return new Categories(begin, members);
  }

  /** Whether the set of a node has the category that a value, not NaN, stands for. */
  boolean contains(int node, double value, boolean truncated) {
    if ((value < 0 || value >= XGBOOST_END) && !(truncated && value > -1)) {
      return false;
    }
    return Arrays.binarySearch(members, begin[node], begin[node + 1], (int) value) >= 0;
  }
}
