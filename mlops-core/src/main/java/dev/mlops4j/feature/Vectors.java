package dev.mlops4j.feature;

import dev.mlops4j.data.BooleanColumn;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DoubleColumn;
import dev.mlops4j.data.StringColumn;
import dev.mlops4j.model.GoldenSample;
import dev.mlops4j.model.Signature;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The rows of a training set as the doubles that a model takes. */
final class Vectors {

  private Vectors() {}

  static double[] of(TrainingDefinition definition, Dataset dataset, Signature signature) {
    check(definition, signature);
    int width = signature.width();
    double[] vectors = new double[Math.multiplyExact(dataset.rowCount(), width)];
    for (int i = 0; i < width; i++) {
      Signature.Input input = signature.inputs().get(i);
      if (input.type() == Signature.InputType.NUMERIC) {
        DoubleColumn column = dataset.doubles(input.name());
        for (int row = 0; row < column.size(); row++) {
          vectors[row * width + i] = column.doubleAt(row);
        }
      } else {
        StringColumn column = dataset.strings(input.name());
        double[] codes = codes(column.dictionary(), input.categories());
        for (int row = 0; row < column.size(); row++) {
          int code = column.codeAt(row);
          vectors[row * width + i] = code == StringColumn.MISSING ? Double.NaN : codes[code];
        }
      }
    }
    return vectors;
  }

  static double[] labels(TrainingDefinition definition, Dataset dataset) {
    Signature.Output output = definition.signature().output();
    double[] labels = new double[dataset.rowCount()];
    switch (output.task()) {
      case BINARY -> {
        BooleanColumn column = (BooleanColumn) dataset.column(output.name());
        for (int row = 0; row < labels.length; row++) {
          labels[row] = column.booleanAt(row) ? 1 : 0;
        }
      }
      case REGRESSION -> {
        DoubleColumn column = dataset.doubles(output.name());
        for (int row = 0; row < labels.length; row++) {
          labels[row] = column.doubleAt(row);
        }
      }
      case MULTICLASS -> {
        StringColumn column = dataset.strings(output.name());
        double[] codes = codes(column.dictionary(), output.labels());
        for (int row = 0; row < labels.length; row++) {
          labels[row] = codes[column.codeAt(row)];
        }
      }
    }
    return labels;
  }

  /** A sample whose vector has the order and the codes of another signature. */
  static GoldenSample recoded(GoldenSample sample, Signature from, Signature to) {
    double[] vector = new double[to.width()];
    for (int i = 0; i < vector.length; i++) {
      Signature.Input wanted = to.inputs().get(i);
      int position = from.names().indexOf(wanted.name());
      double value = position < 0 ? Double.NaN : sample.vector()[position];
      if (wanted.type() == Signature.InputType.CATEGORICAL && !Double.isNaN(value)) {
        String category = from.inputs().get(position).categories().get((int) value);
        int code = wanted.categories().indexOf(category);
        value = code < 0 ? Double.NaN : code;
      }
      vector[i] = value;
    }
    return new GoldenSample(sample.input(), sample.askedAt(), sample.lookedUp(), vector);
  }

  /** The code of each text of a dictionary; NaN for one that is no category. */
  private static double[] codes(List<String> dictionary, List<String> categories) {
    Map<String, Integer> positions = new HashMap<>();
    for (int i = 0; i < categories.size(); i++) {
      positions.put(categories.get(i), i);
    }
    double[] codes = new double[dictionary.size()];
    for (int i = 0; i < codes.length; i++) {
      Integer position = positions.get(dictionary.get(i));
      codes[i] = position == null ? Double.NaN : position;
    }
    return codes;
  }

  static void check(TrainingDefinition definition, Signature signature) {
    Map<String, Signature.InputType> given = new HashMap<>();
    definition.signature().inputs().forEach(input -> given.put(input.name(), input.type()));
    FeatureMismatchException.check(definition.featureSet(), given, signature);
  }
}
