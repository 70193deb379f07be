package dev.mlops4j.duckdb;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.INT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.data.ColumnType.TIMESTAMP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.RowSource;
import dev.mlops4j.data.RowSourceException;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.SchemaException;
import dev.mlops4j.data.Sensitive;
import dev.mlops4j.feature.FeatureDataException;
import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.FeatureView;
import dev.mlops4j.feature.Target;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Features of Parquet files, as docs/features.md shows them. */
class ParquetFeaturesTest {

  private record Flight(String origin, Instant asked, boolean late) {}

  private record Patient(@Sensitive long number, Instant asked, boolean late) {}

  private static final FeatureView WEATHER =
      FeatureView.named("weather")
          .key("origin", STRING)
          .eventTime("observed_at")
          .feature("wind_speed", FLOAT64)
          .build();

  @TempDir Path directory;

  @Test
  void aTrainingSetReadsThemWhereTheyAre() {
    Instant t = Instant.parse("2024-01-01T12:00:00Z");
    Schema schema =
        Schema.builder()
            .required("origin", STRING)
            .required("observed_at", TIMESTAMP)
            .optional("wind_speed", FLOAT64)
            .build();
    Path file = directory.resolve("weather-2024.parquet");
    Dataset rows =
        Dataset.builder(schema).add("JFK", t, 7.0).add("JFK", t.plusSeconds(60), 8.0).build();
    Parquet.write(rows, file);
    FeatureSet<Flight> set =
        FeatureSet.named("flights", Flight.class)
            .at(Flight::asked)
            .lookup(WEATHER, Flight::origin)
            .build();
    List<Flight> flights = List.of(new Flight("JFK", t.plusSeconds(59), true));
    Target<Flight, Boolean> late = Target.binary("late", Flight::late);

    try (Workspace workspace = Workspace.open(directory.resolve("workspace"))) {
      RowSource years =
          Parquet.source(directory + "/weather-*.parquet").time("observed_at").build();
      FeatureStore features = FeatureStore.builder(workspace).inPlace(WEATHER, years).open();

      assertThat(features.trainingSet(set, flights, late).dataset().rows())
          .extracting(row -> row.value("weather.wind_speed"))
          .containsExactly(7.0);
    }
  }

  @Test
  void aRowWithoutATimeIsAnErrorHoweverTheFileIsTakenIn() {
    Instant t = Instant.parse("2024-01-01T12:00:00Z");
    Schema schema =
        Schema.builder()
            .required("origin", STRING)
            .optional("observed_at", TIMESTAMP)
            .optional("wind_speed", FLOAT64)
            .build();
    Path file = directory.resolve("weather.parquet");
    Parquet.write(Dataset.builder(schema).add("JFK", t, 7.0).add("JFK", null, 8.0).build(), file);
    RowSource source = Parquet.source(file).time("observed_at").build();
    FeatureSet<Flight> set =
        FeatureSet.named("flights", Flight.class)
            .at(Flight::asked)
            .lookup(WEATHER, Flight::origin)
            .build();

    try (Workspace workspace = Workspace.open(directory.resolve("workspace"))) {
      FeatureStore taken = FeatureStore.builder(workspace).source(WEATHER, source).open();
      FeatureStore there = FeatureStore.builder(workspace).inPlace(WEATHER, source).open();
      assertThatThrownBy(() -> taken.ingest(WEATHER, Parquet.read(file)))
          .isInstanceOf(FeatureDataException.class)
          .hasMessageContaining("column \"observed_at\" is null in 1 rows");
      String problem = "column \"observed_at\", the time of the rows, is null in 1 rows";
      assertThatThrownBy(() -> taken.materialize(WEATHER, t, t.plusSeconds(1)))
          .isInstanceOf(SchemaException.class)
          .hasMessageContaining(problem);
      assertThatThrownBy(
              () ->
                  there.trainingSet(
                      set,
                      List.of(new Flight("JFK", t, true)),
                      Target.binary("late", Flight::late)))
          .isInstanceOf(SchemaException.class)
          .hasMessageContaining(problem);
    }
  }

  @Test
  void aSensitiveKeyThatCannotBeReadIsNotShown() throws SQLException {
    String file = directory.resolve("visits.parquet").toString();
    try (DuckDbDataSource duckDb = DuckDb.dataSource();
        Connection connection = duckDb.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "COPY (SELECT 18446744073709551615::UBIGINT AS patient, TIMESTAMPTZ '2024-01-01 12:00Z'"
              + " AS seen_at, 1.0::DOUBLE AS cost) TO "
              + DuckDb.literal(file));
    }
    FeatureView visits =
        FeatureView.named("visits")
            .key("patient", INT64)
            .sensitive("patient")
            .eventTime("seen_at")
            .feature("cost", FLOAT64)
            .build();
    Schema schema =
        Schema.builder()
            .required("patient", INT64)
            .required("seen_at", TIMESTAMP)
            .required("cost", FLOAT64)
            .build();
    RowSource source = Parquet.source(file).time("seen_at").schema(schema).build();
    Instant t = Instant.parse("2024-01-01T12:00:00Z");
    FeatureSet<Patient> set =
        FeatureSet.named("patients", Patient.class)
            .at(Patient::asked)
            .lookup(visits, Patient::number)
            .build();

    try (Workspace workspace = Workspace.open(directory.resolve("workspace"))) {
      FeatureStore taken = FeatureStore.builder(workspace).source(visits, source).open();
      FeatureStore there = FeatureStore.builder(workspace).inPlace(visits, source).open();
      assertThatThrownBy(() -> taken.materialize(visits, t, t.plusSeconds(1)))
          .isInstanceOf(RowSourceException.class)
          .hasNoCause()
          .hasMessageNotContaining("18446744073709551615");
      assertThatThrownBy(
              () ->
                  there.trainingSet(
                      set, List.of(new Patient(1, t, true)), Target.binary("late", Patient::late)))
          .isInstanceOf(RowSourceException.class)
          .hasNoCause()
          .hasMessageNotContaining("18446744073709551615");
    }
  }
}
