package dev.mlops4j.duckdb;

import static dev.mlops4j.data.ColumnType.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Floats;
import dev.mlops4j.data.RowSource;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.SchemaException;
import dev.mlops4j.feature.TrainingExport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Exports as pandas and pyarrow read them, and a file of theirs on the way back. */
@Tag("clients")
class PandasReadsTrainingSetsTest {

  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

  @TempDir Path directory;

  @Test
  void pandasFindsTheSameRows() throws Exception {
    Path parquet = directory.resolve("parquet");
    Path csv = directory.resolve("csv");
    Path back = directory.resolve("back.parquet");
    TrainingExport export = Flights.export();
    export.write(parquet, Parquet.TRAINING);
    export.write(csv, TrainingExport.CSV);
    String python = run(List.of(ROOT.resolve(".ci/python-venv").toString())).strip();

    String checks =
        run(
            List.of(
                python,
                Path.of("src/test/python/training_export.py").toAbsolutePath().toString(),
                parquet.toString(),
                csv.toString(),
                back.toString()));

    assertThat(checks.lines()).hasSizeGreaterThan(35).allMatch(line -> line.startsWith("ok "));
    assertRead(back);
  }

  @Test
  void pandasReadsAndWritesArraysOfFloats() throws Exception {
    Path file = directory.resolve("arrays.parquet");
    Path back = directory.resolve("back.parquet");
    Schema schema = Schema.builder().optional("embedding", floats(3)).build();
    Parquet.write(
        Dataset.builder(schema)
            .add(new Object[] {new float[] {0.1f, -2, Float.MIN_VALUE}})
            .add(new Object[] {null})
            .add(new Object[] {new float[] {Float.NaN, Float.NEGATIVE_INFINITY, -0.0f}})
            .build(),
        file);
    String python = run(List.of(ROOT.resolve(".ci/python-venv").toString())).strip();

    String checks =
        run(
            List.of(
                python,
                Path.of("src/test/python/arrays.py").toAbsolutePath().toString(),
                file.toString(),
                back.toString()));

    assertThat(checks.lines()).hasSize(7).allMatch(line -> line.startsWith("ok "));
    Schema written =
        Schema.builder().optional("narrow", floats(3)).required("wide", floats(3)).build();
    Dataset rows = Parquet.options().schema(written).read(back);
    assertThat(rows.rows())
        .extracting(row -> row.value("narrow"))
        .containsExactly(Floats.of(0.1f, Float.POSITIVE_INFINITY, -0.0f), null);
    assertThat(rows.rows())
        .extracting(row -> row.value("wide"))
        .containsExactly(Floats.of(0.1f, 2, 3), Floats.of(1, 2, 3));
  }

  private static void assertRead(Path file) {
    Dataset rows = Parquet.read(file);
    assertThat(rows.schema()).hasToString("(x FLOAT64, n INT64, b BOOLEAN, c STRING, t TIMESTAMP)");
    assertThat(rows.rows().map(row -> row.value(1))).containsExactly(1L, null, -3L);
    assertThat(rows.rows().map(row -> row.value(2))).containsExactly(true, null, false);
    assertThat(rows.rows().map(row -> row.value(3))).containsExactly("a", "ü", null);
    assertThat(rows.rows().map(row -> row.value(4)))
        .containsExactly(
            Instant.parse("2013-01-01T10:15:00.123456Z"),
            Instant.parse("1969-12-31T23:59:59.999999Z"),
            null);
    RowSource source = Parquet.source(file).time("t").build();
    assertThatThrownBy(
            () ->
                source.read(
                    Instant.parse("2013-01-01T10:15:00.123456Z"),
                    Instant.parse("2013-01-01T10:15:00.123457Z"),
                    rowsOfPeriod -> {}))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("is null in 1 rows");
  }

  private String run(List<String> command) throws IOException, InterruptedException {
    Path errors = directory.resolve("errors");
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor())
        .as("%s%n%s%n%s", command, output, Files.readString(errors))
        .isZero();
    return output;
  }
}
