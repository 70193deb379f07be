package dev.mlops4j.trees;

import java.util.Arrays;

/**
 * Predictions of many rows: a block of rows walks one tree before the next, eight rows at once, so
 * that the tree stays in the processor's nearest cache.
 *
 * <p>For the walks a block is laid out by columns, each twice: as it is, and with negative infinity
 * for what is missing. A node that sends what is missing left asks the second one, so that no step
 * looks for missing values: NaN is never at most a split, negative infinity always.
 */
final class Batch {

  /** Rows that walk one tree at once. */
  private static final int LANES = 8;

  /** The most rows of a block, as a power of two. */
  private static final int MOST_SHIFT = 7;

  /** The fewest: one for each lane. */
  private static final int LEAST_SHIFT = 3;

  /** The values of a block that are to stay in a near cache, where the rows are not too wide. */
  private static final int MOST_VALUES = 1 << 14;

  private final Description model;
  private final Forest forest;
  private final float[] rows;
  private final int features;
  private final int outputs;
  private final int shift;

  /** The columns of a block: of feature f those at 2 f and 2 f + 1, each of a block's rows. */
  private final float[] columns;

  /** For XGBoost, of each row of a block the sums of all outputs; empty for LightGBM. */
  private final float[] sums32;

  /** The same for LightGBM. */
  private final double[] sums64;

  private final int[] leaves;

  private Batch(Description model, Forest forest, float[] rows, int shift) {
    this.model = model;
    this.forest = forest;
    this.rows = rows;
    this.shift = shift;
    int block = 1 << shift;
    features = model.features();
    outputs = forest.outputs();
    columns = new float[Math.multiplyExact(2 * features, block)];
    sums32 = new float[model.isLightGbm() ? 0 : block * outputs];
    sums64 = new double[model.isLightGbm() ? block * outputs : 0];
    leaves = new int[block];
  }

  static void predict(Description model, Forest forest, float[] rows, int count, float[] out) {
    int shift = shift(model.features());
    int block = 1 << shift;
    Batch batch = new Batch(model, forest, rows, shift);
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

  private static int shift(int features) {
    int shift = MOST_SHIFT;
    while (shift > LEAST_SHIFT && 2L * features << shift > MOST_VALUES) {
      shift--;
    }
    return shift;
  }

  private void sum(int start, int size) {
    layOut(start, size);
    Arrays.fill(sums64, 0);
    for (int output = 0; output < outputs; output++) {
      for (int i = output; i < sums32.length; i += outputs) {
        sums32[i] = model.base()[output];
      }
      for (int tree = forest.first[output]; tree < forest.end(output); tree++) {
        walk(tree, start, size);
        add(output, size);
      }
    }
  }

  private void layOut(int start, int size) {
    for (int i = 0, at = start * features; i < size; i++) {
      for (int f = 0; f < features; f++) {
        float x = rows[at++];
        columns[(2 * f << shift) + i] = x;
        columns[(2 * f + 1 << shift) + i] = Float.isNaN(x) ? Float.NEGATIVE_INFINITY : x;
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

  /** Finds the leaf of each row of a block; in lanes also of rows that are left from before. */
  private void walk(int tree, int start, int size) {
    if (forest.steps[tree] >= 0) {
      for (int i = 0; i < size; i += LANES) {
        walkLanes(tree, i);
      }
    } else {
      for (int i = 0; i < size; i++) {
        leaves[i] = Walk.leaf(forest, tree, rows, (start + i) * features);
      }
    }
  }

  private void walkLanes(int tree, int i) {
    long[] node = forest.node;
    int[] ask = forest.ask;
    float[] values = columns;
    int by = shift;
    int a = forest.root[tree];
    int b = a;
    int c = a;
    int d = a;
    int e = a;
    int f = a;
    int g = a;
    int h = a;
    for (int left = forest.steps[tree]; left > 0; left--) {
      a = Walk.stepInColumns(node, ask, values, by, i, a);
      b = Walk.stepInColumns(node, ask, values, by, i + 1, b);
      c = Walk.stepInColumns(node, ask, values, by, i + 2, c);
      d = Walk.stepInColumns(node, ask, values, by, i + 3, d);
      e = Walk.stepInColumns(node, ask, values, by, i + 4, e);
      f = Walk.stepInColumns(node, ask, values, by, i + 5, f);
      g = Walk.stepInColumns(node, ask, values, by, i + 6, g);
      h = Walk.stepInColumns(node, ask, values, by, i + 7, h);
    }
    leaves[i] = a;
    leaves[i + 1] = b;
    leaves[i + 2] = c;
    leaves[i + 3] = d;
    leaves[i + 4] = e;
    leaves[i + 5] = f;
    leaves[i + 6] = g;
    leaves[i + 7] = h;
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
