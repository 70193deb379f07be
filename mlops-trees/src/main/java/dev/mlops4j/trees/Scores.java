package dev.mlops4j.trees;

/** Margins and predictions of one row. */
final class Scores {

  private Scores() {}

  static void margin(
      Description model, Forest forest, float[] rows, int from, float[] out, int to) {
    int[] answers = forest.asks.of(rows, from);
    for (int output = 0; output < forest.outputs(); output++) {
      out[to + output] =
          model.isLightGbm()
              ? (float) Sums.add64(forest, output, rows, from, answers)
              : Sums.add32(forest, output, rows, from, answers, model.base()[output]);
    }
  }

  static void margin(Description model, Forest forest, double[] row, double[] out) {
    if (model.isLightGbm()) {
      for (int output = 0; output < out.length; output++) {
        out[output] = Sums.add64(forest, output, row);
      }
    } else {
      float[] floats = Scratch.out(out.length);
      margin(model, forest, Scratch.row(row), 0, floats, 0);
      widen(floats, out);
    }
  }

  static void predict(
      Description model, Forest forest, float[] rows, int from, float[] out, int to) {
    if (!model.isLightGbm()) {
      predictXgBoost(model, forest, rows, from, out, to);
      return;
    }
    int[] answers = forest.asks.of(rows, from);
    if (forest.outputs() == 1) {
      out[to] = (float) fromSum(model, forest, Sums.add64(forest, 0, rows, from, answers));
      return;
    }
    double[] sums = Scratch.sums(forest.outputs());
    for (int output = 0; output < forest.outputs(); output++) {
      sums[output] = Sums.add64(forest, output, rows, from, answers);
    }
    fromSums(model, forest, sums);
    for (int output = 0; output < forest.outputs(); output++) {
      out[to + output] = (float) sums[output];
    }
  }

  static void predict(Description model, Forest forest, double[] row, double[] out) {
    if (model.isLightGbm()) {
      margin(model, forest, row, out);
      fromSums(model, forest, out);
    } else {
      float[] floats = Scratch.out(out.length);
      predictXgBoost(model, forest, Scratch.row(row), 0, floats, 0);
      widen(floats, out);
    }
  }

  private static void predictXgBoost(
      Description model, Forest forest, float[] rows, int from, float[] out, int to) {
    Transform transform = model.transform();
    if (transform == Transform.ARGMAX) {
      out[to] = argmax(model, forest, rows, from);
      return;
    }
    margin(model, forest, rows, from, out, to);
    transform.apply(out, to, forest.outputs());
  }

  private static int argmax(Description model, Forest forest, float[] rows, int from) {
    int[] answers = forest.asks.of(rows, from);
    int best = 0;
    float greatest = 0;
    for (int output = 0; output < forest.outputs(); output++) {
      float margin = Sums.add32(forest, output, rows, from, answers, model.base()[output]);
      if (output == 0 || margin > greatest) {
        best = output;
        greatest = margin;
      }
    }
    return best;
  }

  /** Replaces LightGBM's sums, one an output from the first element, with predictions. */
  static void fromSums(Description model, Forest forest, double[] sums) {
    int outputs = forest.outputs();
    if (model.transform() == Transform.SOFTMAX) {
      for (int i = 0; i < outputs; i++) {
        sums[i] = average(model, forest, sums[i]);
      }
      Transform.softmax(sums, outputs);
    } else {
      for (int i = 0; i < outputs; i++) {
        sums[i] = fromSum(model, forest, sums[i]);
      }
    }
  }

  private static double fromSum(Description model, Forest forest, double sum) {
    return model.transform().apply(average(model, forest, sum), model.slope());
  }

  /** LightGBM's random forests average for a prediction, though their margin is the sum. */
  private static double average(Description model, Forest forest, double sum) {
    return model.averaged() ? sum / forest.mostTreesOfAnOutput() : sum;
  }

  private static void widen(float[] from, double[] to) {
    for (int i = 0; i < to.length; i++) {
      to[i] = from[i];
    }
  }
}
