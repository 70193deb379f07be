package dev.mlops4j.trees;

import java.util.Arrays;

/**
 * Predictions of many rows: a block of rows walks one tree before the next, eight rows at once, so
 * that the tree stays in the processor's nearest cache.
 *
 * <p>What the rows of the lanes answer the forest's {@link Asks} lies together, ask by ask.
 */
final class Batch {

  /** Rows that walk one tree at once, as a power of two. */
  static final int LANE_BITS = 3;

  /** Rows that walk one tree at once. */
  static final int LANES = 1 << LANE_BITS;

  /** The most rows of a block. */
  private static final int MOST_ROWS = 128;

  /** The answers of a block that are to stay in a near cache, where there are not too many. */
  private static final int MOST_ANSWERS = 1 << 14;

  private final Description model;
  private final Forest forest;
  private final float[] rows;
  private final int features;
  private final int outputs;

  /** The most rows of a block, a multiple of the lanes. */
  private final int block;

  /** For the rows of each walk in lanes: of each ask what they answer, one after another. */
  private final int[] answers;

  /** For XGBoost, of each row of a block the sums of all outputs; empty for LightGBM. */
  private final float[] sums32;

  /** The same for LightGBM. */
  private final double[] sums64;

  private final int[] leaves;

  private Batch(Description model, Forest forest, float[] rows, int count) {
    this.model = model;
    this.forest = forest;
    this.rows = rows;
    features = model.features();
    outputs = forest.outputs();
    block = rowsOfBlock(forest.asks.size(), count);
    answers = new int[block * forest.asks.size()];
    sums32 = new float[model.isLightGbm() ? 0 : block * outputs];
    sums64 = new double[model.isLightGbm() ? block * outputs : 0];
    leaves = new int[block];
  }

  static void predict(Description model, Forest forest, float[] rows, int count, float[] out) {
    Batch batch = new Batch(model, forest, rows, count);
    for (int start = 0; start < count; start += batch.block) {
      int size = Math.min(batch.block, count - start);
      batch.sum(start, size);
      if (model.isLightGbm()) {
        batch.finish64(start, size, out);
      } else {
        batch.finish32(start, size, out);
      }
    }
  }

  private static int rowsOfBlock(int asks, int count) {
    int near = MOST_ANSWERS / Math.max(1, asks);
    return Math.max(LANES, Math.min(Math.min(MOST_ROWS, near), count) & -LANES);
  }

  private void sum(int start, int size) {
    ask(start, size);
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

  private void ask(int start, int size) {
    for (int i = 0; i < size; i++) {
      forest.asks.of(rows, (start + i) * features, answers, firstAnswer(i), LANES);
    }
  }

  /** Where what the row of a block answers the first ask is. */
  private int firstAnswer(int row) {
    return (row & -LANES) * forest.asks.size() + (row & LANES - 1);
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
    int[] from = answers;
    int first = firstAnswer(i);
    int a = forest.root[tree];
    int b = a;
    int c = a;
    int d = a;
    int e = a;
    int f = a;
    int g = a;
    int h = a;
    for (int left = forest.steps[tree]; left > 0; left--) {
      a = Walk.stepInBatch(node, ask, from, first, a);
      b = Walk.stepInBatch(node, ask, from, first + 1, b);
      c = Walk.stepInBatch(node, ask, from, first + 2, c);
      d = Walk.stepInBatch(node, ask, from, first + 3, d);
      e = Walk.stepInBatch(node, ask, from, first + 4, e);
      f = Walk.stepInBatch(node, ask, from, first + 5, f);
      g = Walk.stepInBatch(node, ask, from, first + 6, g);
      h = Walk.stepInBatch(node, ask, from, first + 7, h);
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
