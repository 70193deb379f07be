package dev.mlops4j.model;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.DoubleColumn;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Schema;
import dev.mlops4j.profile.ProfileSeries;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The profile of rows with what a model predicted for them: what a service is monitored against.
 */
public final class ReferenceProfile {

  private ReferenceProfile() {}

  /**
   * The profile of these rows and of the predictions for them, as column {@link
   * TrainingData#PREDICTION_COLUMN}: the number, or the label of a multiclass model.
   *
   * @param dataset columns of any names but that one
   * @param outputs one prediction a row, in their order
   * @param timeColumn the TIMESTAMP column by whose weeks to divide the profile, or null for one
   *     profile of all rows
   * @throws IllegalArgumentException if there are not as many outputs as the rows need
   */
  public static ProfileSeries of(
      Dataset dataset, Signature.Output output, double[] outputs, @Nullable String timeColumn) {
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
    return timeColumn == null ? ProfileSeries.of(all) : ProfileSeries.byWeek(all, timeColumn);
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
