package dev.mlops4j.tribuo;

import dev.mlops4j.model.Signature.Output;
import dev.mlops4j.model.Signature.Task;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.tribuo.ImmutableFeatureMap;
import org.tribuo.classification.Label;
import org.tribuo.classification.sgd.linear.LinearSGDModel;
import org.tribuo.common.sgd.AbstractLinearSGDModel;
import org.tribuo.math.la.DenseMatrix;

/**
 * The weights of a linear model by input: of a number one a class, of a category one a category and
 * class, of a missing value one a class; a regression has one class. A feature that training never
 * saw has weight 0, a class that it never saw has probability 0.
 */
final class LinearWeights {

  private final List<InputEncoding> encodings;
  private final Task task;
  private final TargetScale target;
  private final int classes;
  private final double[] bias;
  private final double[][] values;
  private final double[][] missing;

  private LinearWeights(List<InputEncoding> encodings, Task task, TargetScale target, int classes) {
    this.encodings = List.copyOf(encodings);
    this.task = task;
    this.target = target;
    this.classes = classes;
    this.bias = new double[classes];
    this.values = new double[encodings.size()][];
    this.missing = new double[encodings.size()][];
  }

  static LinearWeights of(
      AbstractLinearSGDModel<?> model,
      List<InputEncoding> encodings,
      Output output,
      TargetScale target) {
    int classes = output.task() == Task.BINARY ? 2 : output.width();
    LinearWeights weights = new LinearWeights(encodings, output.task(), target, classes);
    DenseMatrix matrix = model.getWeightsCopy();
    ImmutableFeatureMap features = model.getFeatureIDMap();
    int[] rows = rows(model, output.task(), classes);
    checkShape(matrix, features.size(), model.getOutputIDInfo().size(), rows);
    for (int i = 0; i < classes; i++) {
      weights.bias[i] =
          rows[i] < 0 ? Double.NEGATIVE_INFINITY : matrix.get(rows[i], features.size());
    }
    for (int i = 0; i < encodings.size(); i++) {
      InputEncoding encoding = encodings.get(i);
      int count = encoding.numeric() ? 1 : encoding.input().categories().size();
      weights.values[i] = new double[count * classes];
      for (int value = 0; value < count; value++) {
        String name = encoding.numeric() ? encoding.featureName() : encoding.featureName(value);
        copy(matrix, features.getID(name), rows, weights.values[i], value * classes);
      }
      weights.missing[i] = new double[classes];
      if (encoding.missing()) {
        copy(matrix, features.getID(encoding.missingName()), rows, weights.missing[i], 0);
      }
    }
    return weights;
  }

  /** Where the weights of each class are; the only output of a regression comes first. */
  private static int[] rows(AbstractLinearSGDModel<?> model, Task task, int classes) {
    int[] rows = new int[classes];
    if (model instanceof LinearSGDModel classifier && task != Task.REGRESSION) {
      for (int i = 0; i < classes; i++) {
        rows[i] = classifier.getOutputIDInfo().getID(new Label(Integer.toString(i)));
      }
      return rows;
    }
    if (model instanceof LinearSGDModel || task != Task.REGRESSION) {
      throw new TribuoException(
          ModelBytes.FILE
              + " is a "
              + model.getClass().getName()
              + ", the signature has an output of task "
              + task
              + "; the package is put together wrongly");
    }
    return rows;
  }

  /**
   * The greatest absolute weight of each input, over its categories and the classes. Numbers are
   * scaled to deviation 1, so that the weights of different inputs can be compared.
   */
  Map<String, Double> importance() {
    Map<String, Double> importance = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      double greatest =
          DoubleStream.concat(Arrays.stream(values[i]), Arrays.stream(missing[i]))
              .map(Math::abs)
              .max()
              .orElse(0);
      importance.put(encodings.get(i).input().name(), greatest);
    }
    return importance;
  }

  /** Writes the number, the probability of true, or those of all classes. */
  void predict(double[] vector, double[] output) {
    double[] scores = task == Task.BINARY ? new double[classes] : output;
    System.arraycopy(bias, 0, scores, 0, classes);
    for (int i = 0; i < values.length; i++) {
      InputEncoding encoding = encodings.get(i);
      double value = vector[i];
      if (!encoding.present(value)) {
        add(missing[i], 0, 1, scores);
      } else if (encoding.numeric()) {
        add(values[i], 0, encoding.scaled(value), scores);
      } else {
        add(values[i], ((int) value) * classes, 1, scores);
      }
    }
    if (task == Task.REGRESSION) {
      output[0] = target.unscaled(scores[0]);
      return;
    }
    softmax(scores);
    if (task == Task.BINARY) {
      output[0] = scores[1];
    }
  }

  private void add(double[] weights, int from, double value, double[] scores) {
    for (int i = 0; i < classes; i++) {
      scores[i] += weights[from + i] * value;
    }
  }

  private void softmax(double[] scores) {
    double greatest = scores[0];
    for (int i = 1; i < classes; i++) {
      greatest = Math.max(greatest, scores[i]);
    }
    double sum = 0;
    for (int i = 0; i < classes; i++) {
      // StrictMath, so that every machine gives the same bits.
      scores[i] = StrictMath.exp(scores[i] - greatest);
      sum += scores[i];
    }
    for (int i = 0; i < classes; i++) {
      scores[i] /= sum;
    }
  }

  private static void copy(DenseMatrix matrix, int column, int[] rows, double[] to, int from) {
    if (column >= matrix.getDimension2Size() - 1) {
      throw inconsistent("a feature at " + column, matrix);
    }
    for (int i = 0; i < rows.length; i++) {
      to[from + i] = column < 0 || rows[i] < 0 ? 0 : matrix.get(rows[i], column);
    }
  }

  private static void checkShape(DenseMatrix matrix, int features, int labels, int[] rows) {
    long known = Arrays.stream(rows).filter(row -> row >= 0 && row < labels).count();
    if (matrix.getDimension1Size() != labels
        || matrix.getDimension2Size() != features + 1
        || known != labels) {
      throw inconsistent(
          features + " features and " + known + " of " + labels + " classes of the signature",
          matrix);
    }
  }

  private static TribuoException inconsistent(String found, DenseMatrix matrix) {
    return new TribuoException(
        ModelBytes.FILE
            + " has "
            + found
            + " with "
            + matrix.getDimension1Size()
            + " rows of "
            + matrix.getDimension2Size()
            + " weights; the package is put together wrongly, use another version of the model");
  }
}
