package dev.mlops4j.trees;

/**
 * All trees of a model in flat arrays. A tree is laid out breadth first with siblings adjacent, so
 * that a step is {@code next = child + (goes left ? 0 : 1)}, without a branch that the processor
 * could guess wrongly; the trees of one output lie together, in the order of the file, because the
 * sum of floating-point numbers depends on their order.
 *
 * <p>A leaf is a step to itself: no answer is greater than its split, and it is its own child. So
 * several trees are walked at once for as many steps as the deepest one has, each hiding the
 * others' waits for memory.
 *
 * <p>Immutable.
 */
final class Forest {

  /** Trees that one row walks at once. */
  static final int LANES = 8;

  /** Deeper trees are uneven, so that walking all lanes to the deepest leaf does not pay. */
  static final int DEEPEST_IN_LANES = 32;

  /** Trees whose questions would be more than this are not walked in lanes. */
  static final int MOST_ASKS = 1 << 16;

  /** What the trees that are walked in lanes ask of a row. */
  final Asks asks;

  /** Of each node: the split, as an answer, in the upper half, the first child in the lower. */
  final long[] node;

  /** Of each node: the feature that it asks for; 0 for a leaf. */
  final int[] feature;

  /** Of each node: as in {@link Tree}. */
  final byte[] flags;

  /** Of each node of a tree that is walked in lanes: the index of its ask; 0 for a leaf. */
  final int[] ask;

  /** Of each node: the split at full precision, NaN for a leaf. */
  final double[] split;

  /** Of each leaf: what it adds. Of each other node: what the leaves below add on average. */
  final double[] value;

  /** Of each node: as in {@link Tree}. */
  final double[] cover;

  /** Of each leaf: as in {@link Tree}. */
  final int[] leafId;

  /** Of each node that is categorical: its set. */
  final Categories categories;

  /** Of each tree: its root. */
  final int[] root;

  /** Of each tree: the steps to its deepest leaf. */
  final int[] depth;

  /**
   * Of each tree: the same, or -1 if it cannot be walked in lanes, because it is too uneven or a
   * node does more than compare numbers.
   */
  final int[] steps;

  /** Of each tree: the steps for it and those that fill the lanes beside it, or -1. */
  final int[] stepsInLanes;

  /** Of each tree: its place in the file. */
  final int[] fileIndex;

  /** Of each output: its first tree, and as the last element the number of trees. */
  final int[] first;

  /** Of each output: how many of its trees count, from the first. */
  final int[] count;

  Forest(ForestBuilder from) {
    asks = from.asks();
    node = from.node;
    feature = from.feature;
    flags = from.flags;
    ask = from.ask;
    split = from.split;
    value = from.value;
    cover = from.cover;
    leafId = from.leafId;
    categories = from.categories();
    root = from.root;
    depth = from.depth;
    steps = from.steps;
    stepsInLanes = new int[steps.length];
    for (int tree = 0; tree < steps.length; tree++) {
      int most = 0;
      for (int i = tree; i < Math.min(tree + LANES, steps.length); i++) {
        most = most < 0 || steps[i] < 0 ? -1 : Math.max(most, steps[i]);
      }
      stepsInLanes[tree] = most;
    }
    fileIndex = from.fileIndex;
    first = from.first;
    count = new int[first.length - 1];
    for (int output = 0; output < count.length; output++) {
      count[output] = first[output + 1] - first[output];
    }
  }

  private Forest(Forest all, int[] count) {
    asks = all.asks;
    node = all.node;
    feature = all.feature;
    flags = all.flags;
    ask = all.ask;
    split = all.split;
    value = all.value;
    cover = all.cover;
    leafId = all.leafId;
    categories = all.categories;
    root = all.root;
    depth = all.depth;
    steps = all.steps;
    stepsInLanes = all.stepsInLanes;
    fileIndex = all.fileIndex;
    first = all.first;
    this.count = count;
  }

  /** Returns a forest of the first trees of each output, which shares this one's arrays. */
  Forest limitedTo(int treesPerOutput) {
    int[] limited = count.clone();
    for (int output = 0; output < limited.length; output++) {
      limited[output] = Math.min(limited[output], treesPerOutput);
    }
    return new Forest(this, limited);
  }

  int outputs() {
    return count.length;
  }

  int end(int output) {
    return first[output] + count[output];
  }

  /** Returns the number of trees that count. */
  int trees() {
    int trees = 0;
    for (int of : count) {
      trees += of;
    }
    return trees;
  }

  /** Returns the number of trees of the output that has most. */
  int mostTreesOfAnOutput() {
    int most = 0;
    for (int of : count) {
      most = Math.max(most, of);
    }
    return most;
  }

  /** Returns the share of the training data at a node that went to its first child. */
  double shareOfLeft(int at) {
    double left = cover[firstChild(at)];
    double both = left + cover[firstChild(at) + 1];
    return both > 0 ? left / both : 0.5;
  }

  boolean isLeaf(int at) {
    return (int) node[at] == at;
  }

  int firstChild(int at) {
    return (int) node[at];
  }
}
