package dev.mlops4j.monitoring;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Schema;
import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.InputType;
import dev.mlops4j.model.Signature.Task;
import dev.mlops4j.model.TrainingData;
import dev.mlops4j.profile.DatasetProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Predictions of one version as rows of the columns that its reference profile has. */
final class ServedColumns {

  private final Signature signature;
  private final Schema schema;
  private final boolean timed;

  ServedColumns(Signature signature, DatasetProfile reference) {
    this.signature = signature;
    this.timed =
        reference.contains(TrainingSet.ASKED_AT)
            && reference.column(TrainingSet.ASKED_AT).type() == ColumnType.TIMESTAMP
            && !signature.names().contains(TrainingSet.ASKED_AT);
    List<Field> fields = new ArrayList<>();
    for (Input input : signature.inputs()) {
      fields.add(field(input.name(), type(input), reference));
    }
    fields.add(field(outcome(), outcomeType(), reference));
    if (timed) {
      fields.add(field(TrainingSet.ASKED_AT, ColumnType.TIMESTAMP, reference));
    }
    fields.add(field(TrainingData.PREDICTION_COLUMN, predictionType(), reference));
    this.schema = Schema.of(fields);
  }

  Schema schema() {
    return schema;
  }

  /** The name of the column with what came true. */
  String outcome() {
    return signature.output().name();
  }

  private static Field field(String name, ColumnType type, DatasetProfile reference) {
    boolean sensitive = reference.contains(name) && reference.column(name).sensitive();
    return new Field(name, type, false, sensitive);
  }

  private static ColumnType type(Input input) {
    return input.type() == InputType.NUMERIC ? ColumnType.FLOAT64 : ColumnType.STRING;
  }

  private ColumnType outcomeType() {
    return switch (signature.output().task()) {
      case BINARY -> ColumnType.BOOLEAN;
      case REGRESSION -> ColumnType.FLOAT64;
      case MULTICLASS -> ColumnType.STRING;
    };
  }

  private ColumnType predictionType() {
    return signature.output().task() == Task.MULTICLASS ? ColumnType.STRING : ColumnType.FLOAT64;
  }

  /** Collects rows and hands them on so many at a time. */
  Rows rows(int batch, Consumer<Dataset> batches) {
    return new Rows(batch, batches);
  }

  /** Rows that are collected. */
  final class Rows {

    private final int batch;
    private final Consumer<Dataset> batches;
    private DatasetBuilder waiting = Dataset.builder(schema);

    private Rows(int batch, Consumer<Dataset> batches) {
      this.batch = batch;
      this.batches = batches;
    }

    void add(LedgerRow row) {
      set(waiting, row);
      waiting.endRow();
      if (waiting.rowCount() == batch) {
        end();
      }
    }

    /** Hands on what is left. */
    void end() {
      if (waiting.rowCount() > 0) {
        Dataset rows = waiting.build();
        waiting = Dataset.builder(schema);
        batches.accept(rows);
      }
    }
  }

  private void set(DatasetBuilder rows, LedgerRow row) {
    double[] vector = row.vector();
    int width = signature.width();
    if (vector.length != width) {
      throw new MonitoringException(
          "of the prediction \""
              + row.id()
              + "\" of version "
              + row.version()
              + " the ledger has "
              + vector.length
              + " of "
              + width
              + " features, so there is no profile of them; keep vectors by leaving"
              + " withoutVectors() out and profile what is asked from then on, or take the verdicts"
              + " of evaluate() and report(), which counted them");
    }
    for (int i = 0; i < width; i++) {
      Input input = signature.inputs().get(i);
      if (input.type() == InputType.CATEGORICAL) {
        setCategory(rows, i, input.categories(), vector[i]);
      } else if (!Double.isNaN(vector[i])) {
        rows.setDouble(i, vector[i]);
      }
    }
    Task task = signature.output().task();
    String outcome = row.outcome();
    if (outcome != null && LabelledRows.isOutcome(task, outcome)) {
      setOutcome(rows, width, task, outcome);
    }
    if (timed) {
      rows.setMicros(width + 1, row.askedAt());
    }
    setPrediction(rows, schema.size() - 1, task, row.output());
  }

  private static void setOutcome(DatasetBuilder rows, int place, Task task, String outcome) {
    switch (task) {
      case BINARY -> rows.set(place, OutcomeText.number(outcome) != 0);
      case REGRESSION -> rows.setDouble(place, OutcomeText.number(outcome));
      case MULTICLASS -> rows.set(place, outcome);
    }
  }

  private void setPrediction(DatasetBuilder rows, int place, Task task, double[] output) {
    if (output.length == 0) {
      return;
    }
    if (task != Task.MULTICLASS) {
      rows.setDouble(place, output[0]);
      return;
    }
    int best = 0;
    for (int i = 1; i < output.length; i++) {
      if (output[i] > output[best]) {
        best = i;
      }
    }
    setCategory(rows, place, signature.output().labels(), best);
  }

  /** What is no code of this signature is missing: a category that was not known has none. */
  private static void setCategory(
      DatasetBuilder rows, int place, List<String> categories, double code) {
    if (code >= 0 && code < categories.size() && code == Math.rint(code)) {
      rows.set(place, categories.get((int) code));
    }
  }
}
