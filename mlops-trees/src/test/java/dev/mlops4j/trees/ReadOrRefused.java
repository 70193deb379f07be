package dev.mlops4j.trees;

import java.util.Arrays;

/** What holds of any file: it is refused with a typed exception, or read, and then predicts. */
final class ReadOrRefused {

  private static final int MOST = 1_000;

  private ReadOrRefused() {}

  /** Whether a file was read; throws if something else happened than reading or refusing. */
  static boolean isRead(byte[] bytes) {
    TreeModel model;
    try {
      model = TreeModel.read(bytes);
    } catch (TreeModelException e) {
      return false;
    }
    if (model.featureCount() < MOST && model.margins() < MOST) {
      float[] row = new float[model.featureCount()];
      float[] out = new float[model.outputs()];
      model.predict(row, out);
      Arrays.fill(row, Float.NaN);
      model.predict(row, out);
      model.leaves(row, new int[model.trees()]);
      explain(model, row);
    }
    return true;
  }

  private static void explain(TreeModel model, float[] row) {
    try {
      model.contributions(row, new double[model.margins() * (model.featureCount() + 1)]);
    } catch (UnsupportedModelException e) {
      // Said of models without covers, or of trees too deep.
    }
  }
}
