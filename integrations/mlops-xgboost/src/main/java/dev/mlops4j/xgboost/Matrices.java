package dev.mlops4j.xgboost;

import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.InputType;
import dev.mlops4j.model.TrainingData;
import java.util.Arrays;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** Rows and labels as XGBoost takes them. */
final class Matrices {

  private Matrices() {}

  /** A matrix of the data; the caller disposes it. */
  static DMatrix of(String role, TrainingData data) throws XGBoostError {
    Signature signature = data.signature();
    if (data.rowCount() == 0) {
      throw new XgBoostException("the " + role + " data has no rows; nothing can be learned of it");
    }
    checkLengths(role, data);
    float[] labels = labels(role, data);
    DMatrix matrix = new DMatrix(values(role, data), data.rowCount(), signature.width(), Float.NaN);
    try {
      matrix.setLabel(labels);
      matrix.setFeatureNames(signature.names().toArray(String[]::new));
      matrix.setFeatureTypes(
          signature.inputs().stream()
              .map(input -> input.type() == InputType.CATEGORICAL ? "int" : "q")
              .toArray(String[]::new));
      return matrix;
    } catch (XGBoostError | RuntimeException e) {
      matrix.dispose();
      throw e;
    }
  }

  /**
   * Refuses training rows of fewer than two classes, for which XGBoost only has words of its own.
   */
  static void checkClasses(TrainingData training) {
    long classes = Arrays.stream(training.labels()).distinct().limit(2).count();
    if (classes < 2) {
      throw new XgBoostException(
          "the training data has "
              + training.rowCount()
              + " rows of "
              + classes
              + " classes; a classifier needs rows of two classes or more");
    }
  }

  private static void checkLengths(String role, TrainingData data) {
    long values = (long) data.rowCount() * data.signature().width();
    if (data.vectors().length != values || data.labels().length != data.rowCount()) {
      throw new XgBoostException(
          "the "
              + role
              + " data of "
              + data.rowCount()
              + " rows should have "
              + values
              + " values and "
              + data.rowCount()
              + " labels, found "
              + data.vectors().length
              + " and "
              + data.labels().length);
    }
  }

  private static float[] values(String role, TrainingData data) {
    double[] vectors = data.vectors();
    int width = data.signature().width();
    float[] values = new float[Math.multiplyExact(data.rowCount(), width)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) vectors[i];
      if (Float.isInfinite(values[i])) {
        throw new XgBoostException(
            "feature \""
                + data.signature().names().get(i % width)
                + "\" of row "
                + i / width
                + " of the "
                + role
                + " data is infinite or beyond the range of a float; training takes finite"
                + " values and missing ones");
      }
    }
    return values;
  }

  private static float[] labels(String role, TrainingData data) {
    double[] labels = data.labels();
    float[] values = new float[data.rowCount()];
    for (int row = 0; row < values.length; row++) {
      values[row] = (float) labels[row];
      if (!isLabel(labels[row], data.signature().output())) {
        throw new XgBoostException(
            "the label of row "
                + row
                + " of the "
                + role
                + " data is "
                + labels[row]
                + "; it should be "
                + expected(data.signature().output()));
      }
    }
    return values;
  }

  private static boolean isLabel(double label, Signature.Output output) {
    return switch (output.task()) {
      case BINARY -> label == 0 || label == 1;
      case MULTICLASS -> label == Math.rint(label) && label >= 0 && label < output.width();
      case REGRESSION -> Float.isFinite((float) label);
    };
  }

  private static String expected(Signature.Output output) {
    return switch (output.task()) {
      case BINARY -> "0 or 1";
      case MULTICLASS -> "a whole number from 0 to " + (output.width() - 1);
      case REGRESSION -> "finite and within the range of a float";
    };
  }
}
