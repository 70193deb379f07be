package dev.mlops4j.trees;

import java.util.Arrays;

/**
 * A tree that was seen to be one: every node that the root leads to is reached once, so that no
 * walk is endless.
 *
 * @param order the nodes that the root leads to, breadth first, each left child before its sibling
 * @param depth the steps to the deepest leaf
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record BreadthFirst(Tree tree, int[] order, int depth) {

  /**
   * Checks a tree.
   *
   * @param features how many features a row has
   * @param position where in the file the tree ends
   * @throws MalformedModelException if a child or a feature does not exist, or a node is reached
   *     twice
   */
  static BreadthFirst of(Tree tree, int features, long position) {
    if (tree.nodes() == 0) {
      throw new MalformedModelException("A tree has no node", position);
    }
    int[] order = new int[tree.nodes()];
    boolean[] seen = new boolean[tree.nodes()];
    seen[0] = true;
    int size = 1;
    int depth = 0;
    for (int done = 0, levelEnd = 1; done < size; done++) {
      if (done == levelEnd) {
        levelEnd = size;
        depth++;
      }
      int node = order[done];
      if (!tree.isLeaf(node)) {
        if (tree.feature()[node] < 0 || tree.feature()[node] >= features) {
          throw new MalformedModelException(
              "Node %d of a tree asks for feature %d of %d"
                  .formatted(node, tree.feature()[node], features),
              position);
        }
        order[size++] = reach(tree.left()[node], seen, position);
        order[size++] = reach(tree.right()[node], seen, position);
      }
    }
    return new BreadthFirst(tree, Arrays.copyOf(order, size), depth);
  }

  int nodes() {
    return order.length;
  }

  private static int reach(int child, boolean[] seen, long position) {
    if (child < 0 || child >= seen.length) {
      throw new MalformedModelException(
          "A tree of %d nodes has a child %d".formatted(seen.length, child), position);
    }
    if (seen[child]) {
      throw new MalformedModelException(
          "Node %d of a tree has more than one parent".formatted(child), position);
    }
    seen[child] = true;
    return child;
  }
}
