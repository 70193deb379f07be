package dev.mlops4j.trees;

import java.util.Arrays;

/**
 * Predictions of many rows: a block of rows walks one tree before the next, four rows at once, so
 * that the tree stays in the processor's nearest cache.
 */
final class Batch {

  /** Rows whose sums are kept at once. */
  private static final int BLOCK = 256;

  /** Rows that walk one tree at once. */
  private static final int LANES = 4;

  private final Description model;
  private final Forest forest;
  private final float[] rows;
  private final int features;
  private final int outputs;

  /** For XGBoost, of each row of a block the sums of all outputs; empty for LightGBM. */
  private final float[] sums32;

  /** The same for LightGBM. */
  private final double[] sums64;

  private final int[] leaves;

  private Batch(Description model, Forest forest, float[] rows, int block) {
    this.model = model;
    this.forest = forest;
    this.rows = rows;
    features = model.features();
    outputs = forest.outputs();
    sums32 = new float[model.isLightGbm() ? 0 : block * outputs];
    sums64 = new double[model.isLightGbm() ? block * outputs : 0];
    leaves = new int[block];
  }

  static void predict(Description model, Forest forest, float[] rows, int count, float[] out) {
    int block = Math.min(BLOCK, count);
    Batch batch = new Batch(model, forest, rows, block);
    for (int start = 0; start < count; start += block) {
      int size = Math.min(block, count - start);
      batch.sum(start, size);
      if (model.isLightGbm()) {
        batch.finish64(start, size, out);
      } else {
        batch.finish32(start, size, out);
      }
    }
  }

  private void sum(int start, int size) {
    boolean missing = Walk.hasMissing(rows, start * features, size * features);
    Arrays.fill(sums64, 0);
    for (int output = 0; output < outputs; output++) {
      for (int i = output; i < sums32.length; i += outputs) {
        sums32[i] = model.base()[output];
      }
      for (int tree = forest.first[output]; tree < forest.end(output); tree++) {
        walk(tree, start, size, missing);
        add(output, size);
      }
    }
  }

  private void add(int output, int size) {
    double[] value = forest.value;
    if (model.isLightGbm()) {
      for (int i = 0; i < size; i++) {
        sums64[i * outputs + output] += value[leaves[i]];
      }
    } else {
      for (int i = 0; i < size; i++) {
        sums32[i * outputs + output] += (float) value[leaves[i]];
      }
    }
  }

  /** Finds the leaf of each row of a block. */
  private void walk(int tree, int start, int size, boolean missing) {
    int i = 0;
    if (forest.steps[tree] >= 0) {
      for (; i + LANES <= size; i += LANES) {
        if (missing) {
          walkLanesIfMissing(tree, start, i);
        } else {
          walkLanes(tree, start, i);
        }
      }
    }
    for (; i < size; i++) {
      leaves[i] = Walk.leaf(forest, tree, rows, (start + i) * features);
    }
  }

  private void walkLanes(int tree, int start, int i) {
    long[] node = forest.node;
    int[] feature = forest.feature;
    int from = (start + i) * features;
    int a = forest.root[tree];
    int b = a;
    int c = a;
    int d = a;
    for (int left = forest.steps[tree]; left > 0; left--) {
      a = Walk.step(node, feature, rows, from, a);
      b = Walk.step(node, feature, rows, from + features, b);
      c = Walk.step(node, feature, rows, from + 2 * features, c);
      d = Walk.step(node, feature, rows, from + 3 * features, d);
    }
    leaves[i] = a;
    leaves[i + 1] = b;
    leaves[i + 2] = c;
    leaves[i + 3] = d;
  }

  private void walkLanesIfMissing(int tree, int start, int i) {
    long[] node = forest.node;
    int[] feature = forest.feature;
    byte[] flags = forest.flags;
    int from = (start + i) * features;
    int a = forest.root[tree];
    int b = a;
    int c = a;
    int d = a;
    for (int left = forest.steps[tree]; left > 0; left--) {
      a = Walk.stepIfMissing(node, feature, flags, rows, from, a);
      b = Walk.stepIfMissing(node, feature, flags, rows, from + features, b);
      c = Walk.stepIfMissing(node, feature, flags, rows, from + 2 * features, c);
      d = Walk.stepIfMissing(node, feature, flags, rows, from + 3 * features, d);
    }
    leaves[i] = a;
    leaves[i + 1] = b;
    leaves[i + 2] = c;
    leaves[i + 3] = d;
  }

  private void finish32(int start, int size, float[] out) {
    if (model.transform() == Transform.ARGMAX) {
      for (int i = 0; i < size; i++) {
        out[start + i] = Transform.argmax(sums32, i * outputs, outputs);
      }
      return;
    }
    System.arraycopy(sums32, 0, out, start * outputs, size * outputs);
    for (int i = start; i < start + size; i++) {
      model.transform().apply(out, i * outputs, outputs);
    }
  }

  private void finish64(int start, int size, float[] out) {
    double[] row = new double[outputs];
    for (int i = 0; i < size; i++) {
      System.arraycopy(sums64, i * outputs, row, 0, outputs);
      Scores.fromSums(model, forest, row);
      for (int output = 0; output < outputs; output++) {
        out[(start + i) * outputs + output] = (float) row[output];
      }
    }
  }
}
