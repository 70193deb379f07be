package dev.mlops4j.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.mlops4j.Digest;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Csv;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Schema;
import dev.mlops4j.tracking.RunArtifact;
import dev.mlops4j.workspace.Artifacts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Datasets as CSV, with the schema and the digest of the values beside it. */
final class DatasetOutput extends Output<Dataset> {

  private static final String FILE = "data.csv";

  @Override
  String form() {
    return "dataset";
  }

  @Override
  StoredOutput store(String step, Dataset value, Artifacts artifacts, Path scratch) {
    if (value.schema().size() == 0) {
      throw new UnstorableOutputException(
          "the output of step \"" + step + "\" is a dataset without columns", null);
    }
    List<ColumnForm> columns = new ArrayList<>();
    for (Field field : value.schema().fields()) {
      columns.add(
          new ColumnForm(field.name(), field.type().name(), field.required(), field.sensitive()));
    }
    String text =
        StepJson.write(
            "a schema", new DatasetForm(columns, value.rowCount(), value.digest().hex()));
    Path file = ScratchFiles.file(scratch, FILE);
    try {
      Csv.write(value, file);
      Artifacts.Put put = artifacts.putSized(file);
      RunArtifact kept = new RunArtifact(FILE, RunArtifact.Kind.FILE, put.digest(), put.bytes());
      return new StoredOutput(form(), text, List.of(kept));
    } finally {
      ScratchFiles.delete(file);
    }
  }

  @Override
  Dataset read(StoredOutput stored, Artifacts artifacts, Path scratch) {
    DatasetForm form;
    try {
      form = StepJson.read(stored.text(), DatasetForm.class);
    } catch (JsonProcessingException e) {
      throw new BrokenOutputException("its schema cannot be read", e);
    }
    List<Field> fields = new ArrayList<>();
    for (ColumnForm column : form.columns()) {
      fields.add(
          new Field(
              column.name(),
              ColumnType.valueOf(column.type()),
              column.required(),
              column.sensitive()));
    }
    Path file = ScratchFiles.file(scratch, FILE);
    try {
      artifacts.writeTo(stored.files().get(0).digest(), file);
      Dataset read = Csv.options().schema(Schema.of(fields)).read(file);
      if (!read.digest().equals(new Digest(form.digest()))) {
        throw new BrokenOutputException("the dataset that was read has another digest", null);
      }
      return read;
    } finally {
      ScratchFiles.delete(file);
    }
  }

  private record DatasetForm(List<ColumnForm> columns, int rows, String digest) {}

  private record ColumnForm(String name, String type, boolean required, boolean sensitive) {}
}
