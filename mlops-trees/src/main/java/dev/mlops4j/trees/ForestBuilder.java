package dev.mlops4j.trees;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Lays trees out as a {@link Forest}, having checked that they are trees. */
final class ForestBuilder {

  final long[] node;
  final int[] feature;
  final byte[] flags;
  final int[] ask;
  final double[] split;
  final double[] value;
  final double[] cover;
  final int[] leafId;
  final int[] root;
  final int[] depth;
  final int[] steps;
  final int[] fileIndex;
  final int[] first;

  private final Asks.Builder asks = new Asks.Builder(Forest.MOST_ASKS);
  private final int[][] categories;
  private int size;

  private ForestBuilder(int outputs, List<BreadthFirst> trees) {
    int nodes = trees.stream().mapToInt(BreadthFirst::nodes).sum();
    node = new long[nodes];
    feature = new int[nodes];
    flags = new byte[nodes];
    ask = new int[nodes];
    split = new double[nodes];
    value = new double[nodes];
    cover = new double[nodes];
    leafId = new int[nodes];
    categories = new int[nodes][];
    root = new int[trees.size()];
    depth = new int[trees.size()];
    steps = new int[trees.size()];
    fileIndex = new int[trees.size()];
    first = new int[outputs + 1];
  }

  /**
   * Lays out trees in the order of their file, each of which adds to an output from 0 to {@code
   * outputs} - 1.
   */
  static Forest build(int outputs, List<BreadthFirst> inFile) {
    ForestBuilder builder = new ForestBuilder(outputs, inFile);
    List<Integer> byOutput = new ArrayList<>(inFile.size());
    for (int i = 0; i < inFile.size(); i++) {
      byOutput.add(i);
    }
    byOutput.sort(Comparator.comparingInt(i -> inFile.get(i).tree().output()));
    for (int t = 0; t < inFile.size(); t++) {
      BreadthFirst tree = inFile.get(byOutput.get(t));
      builder.first[tree.tree().output() + 1]++;
      builder.fileIndex[t] = byOutput.get(t);
      builder.root[t] = builder.size;
      builder.depth[t] = tree.depth();
      boolean isPlain = builder.add(tree);
      boolean inLanes =
          isPlain && tree.depth() <= Forest.DEEPEST_IN_LANES && builder.ask(builder.root[t]);
      builder.steps[t] = inLanes ? tree.depth() : -1;
    }
    for (int output = 0; output < outputs; output++) {
      builder.first[output + 1] += builder.first[output];
    }
    return new Forest(builder);
  }

  Asks asks() {
    return asks.build();
  }

  Categories categories() {
    return Categories.of(categories);
  }

  /** Returns whether all nodes of the tree compare numbers and do nothing else. */
  private boolean add(BreadthFirst tree) {
    int base = size;
    size += tree.nodes();
    boolean isPlain = true;
    for (int i = 0, child = 1; i < tree.nodes(); i++) {
      Tree from = tree.tree();
      int source = tree.order()[i];
      int at = base + i;
      value[at] = from.value()[source];
      cover[at] = from.cover()[source];
      leafId[at] = from.leafId()[source];
      categories[at] = from.categories()[source];
      if (from.isLeaf(source)) {
        split[at] = Double.NaN;
        node[at] = step(Integer.MAX_VALUE, at);
      } else {
        feature[at] = from.feature()[source];
        flags[at] = from.flags()[source];
        split[at] = from.split()[source];
        node[at] = step(Asks.inOrder(greatestFloatUpTo(split[at])), base + child);
        isPlain &= (flags[at] & Tree.CATEGORICAL) == 0 && !Double.isNaN(split[at]);
        child += 2;
      }
    }
    averages(base);
    return isPlain;
  }

  /** Notes what the last tree asks; returns false if all trees would ask too much. */
  private boolean ask(int base) {
    for (int at = base; at < size; at++) {
      if ((int) node[at] != at) {
        ask[at] = asks.index(feature[at], flags[at]);
        if (ask[at] < 0) {
          return false;
        }
      }
    }
    return true;
  }

  /** Gives each node that is no leaf the average of what the leaves below it add. */
  private void averages(int base) {
    for (int at = size - 1; at >= base; at--) {
      int child = (int) node[at];
      if (child != at) {
        double all = cover[child] + cover[child + 1];
        double left = all > 0 ? cover[child] / all : 0.5;
        value[at] = left * value[child] + (1 - left) * value[child + 1];
      }
    }
  }

  private static long step(int split, int child) {
    return ((long) split << 32) | (child & 0xFFFF_FFFFL);
  }

  /** A float is at most the result if, and only if, it is at most the split. */
  private static float greatestFloatUpTo(double split) {
    float nearest = (float) split;
    return nearest > split ? Math.nextDown(nearest) : nearest;
  }
}
