package dev.mlops4j.trees;

/**
 * Sums of what the leaves of one output add, in the order of the file: in float32 as XGBoost does,
 * in float64 as LightGBM does, and so equal to theirs bit for bit.
 */
final class Sums {

  private Sums() {}

  /**
   * Adds the leaves that a row reaches to a start, in float32.
   *
   * @param answers what the row answers the forest's asks
   */
  static float add32(Forest forest, int output, float[] rows, int from, int[] answers, float sum) {
    int tree = forest.first[output];
    int end = forest.end(output);
    long[] node = forest.node;
    int[] ask = forest.ask;
    double[] value = forest.value;
    for (; tree + Forest.LANES <= end; tree += Forest.LANES) {
      int steps = forest.stepsInLanes[tree];
      if (steps < 0) {
        for (int i = tree; i < tree + Forest.LANES; i++) {
          sum += (float) value[Walk.leaf(forest, i, rows, from)];
        }
        continue;
      }
      int a = forest.root[tree];
      int b = forest.root[tree + 1];
      int c = forest.root[tree + 2];
      int d = forest.root[tree + 3];
      int e = forest.root[tree + 4];
      int f = forest.root[tree + 5];
      int g = forest.root[tree + 6];
      int h = forest.root[tree + 7];
      for (int i = 0; i < steps; i++) {
        a = Walk.step(node, ask, answers, a);
        b = Walk.step(node, ask, answers, b);
        c = Walk.step(node, ask, answers, c);
        d = Walk.step(node, ask, answers, d);
        e = Walk.step(node, ask, answers, e);
        f = Walk.step(node, ask, answers, f);
        g = Walk.step(node, ask, answers, g);
        h = Walk.step(node, ask, answers, h);
      }
      sum += (float) value[a];
      sum += (float) value[b];
      sum += (float) value[c];
      sum += (float) value[d];
      sum += (float) value[e];
      sum += (float) value[f];
      sum += (float) value[g];
      sum += (float) value[h];
    }
    for (; tree < end; tree++) {
      sum += (float) value[Walk.leaf(forest, tree, rows, from)];
    }
    return sum;
  }

  /**
   * Adds the leaves that a row reaches, in float64.
   *
   * @param answers what the row answers the forest's asks
   */
  static double add64(Forest forest, int output, float[] rows, int from, int[] answers) {
    double sum = 0;
    int tree = forest.first[output];
    int end = forest.end(output);
    long[] node = forest.node;
    int[] ask = forest.ask;
    double[] value = forest.value;
    for (; tree + Forest.LANES <= end; tree += Forest.LANES) {
      int steps = forest.stepsInLanes[tree];
      if (steps < 0) {
        for (int i = tree; i < tree + Forest.LANES; i++) {
          sum += value[Walk.leaf(forest, i, rows, from)];
        }
        continue;
      }
      int a = forest.root[tree];
      int b = forest.root[tree + 1];
      int c = forest.root[tree + 2];
      int d = forest.root[tree + 3];
      int e = forest.root[tree + 4];
      int f = forest.root[tree + 5];
      int g = forest.root[tree + 6];
      int h = forest.root[tree + 7];
      for (int i = 0; i < steps; i++) {
        a = Walk.step(node, ask, answers, a);
        b = Walk.step(node, ask, answers, b);
        c = Walk.step(node, ask, answers, c);
        d = Walk.step(node, ask, answers, d);
        e = Walk.step(node, ask, answers, e);
        f = Walk.step(node, ask, answers, f);
        g = Walk.step(node, ask, answers, g);
        h = Walk.step(node, ask, answers, h);
      }
      sum += value[a];
      sum += value[b];
      sum += value[c];
      sum += value[d];
      sum += value[e];
      sum += value[f];
      sum += value[g];
      sum += value[h];
    }
    for (; tree < end; tree++) {
      sum += value[Walk.leaf(forest, tree, rows, from)];
    }
    return sum;
  }

  /** Adds the leaves that a row at full precision reaches, in float64. */
  static double add64(Forest forest, int output, double[] row) {
    double sum = 0;
    for (int tree = forest.first[output]; tree < forest.end(output); tree++) {
      sum += forest.value[Walk.leaf(forest, tree, row)];
    }
    return sum;
  }
}
