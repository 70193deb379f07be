package dev.mlops4j.feature;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.DoubleColumn;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Schema;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.TrainingData;
import dev.mlops4j.profile.ProfileSeries;
import java.util.ArrayList;
import java.util.List;

/** The profile of a training set's rows with what a model predicted for them. */
final class ReferenceProfile {

  private ReferenceProfile() {}

  static ProfileSeries of(TrainingDefinition definition, Dataset dataset, double[] outputs) {
    Signature.Output output = definition.signature().output();
    if (outputs.length != dataset.rowCount() * output.width()) {
      throw new IllegalArgumentException(
          dataset.rowCount()
              + " rows need "
              + dataset.rowCount() * output.width()
              + " outputs, found "
              + outputs.length);
    }
    boolean classes = output.task() == Signature.Task.MULTICLASS;
    List<Field> fields = new ArrayList<>(dataset.schema().fields());
    fields.add(
        new Field(
            TrainingData.PREDICTION_COLUMN,
            classes ? ColumnType.STRING : ColumnType.FLOAT64,
            true,
            false));
    DatasetBuilder rows = Dataset.builder(Schema.of(fields));
    int prediction = fields.size() - 1;
    for (int row = 0; row < dataset.rowCount(); row++) {
      for (int i = 0; i < prediction; i++) {
        if (dataset.column(i) instanceof DoubleColumn doubles) {
          if (!doubles.isMissing(row)) {
            rows.setDouble(i, doubles.doubleAt(row));
          }
        } else {
          rows.set(i, dataset.column(i).get(row));
        }
      }
      if (classes) {
        rows.set(prediction, output.labels().get(best(outputs, row, output.width())));
      } else {
        rows.setDouble(prediction, outputs[row]);
      }
      rows.endRow();
    }
    Dataset all = rows.build();
    return all.schema().contains(TrainingSet.ASKED_AT)
        ? ProfileSeries.byWeek(all, TrainingSet.ASKED_AT)
        : ProfileSeries.of(all);
  }

  private static int best(double[] outputs, int row, int width) {
    int best = 0;
    for (int i = 1; i < width; i++) {
      if (outputs[row * width + i] > outputs[row * width + best]) {
        best = i;
      }
    }
    return best;
  }
}
