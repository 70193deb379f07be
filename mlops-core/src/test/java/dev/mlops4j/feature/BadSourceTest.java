package dev.mlops4j.feature;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.INT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.data.ColumnType.TIMESTAMP;
import static dev.mlops4j.feature.Aggregation.distinctCount;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.MlopsException;
import dev.mlops4j.data.Csv;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.JdbcSource;
import dev.mlops4j.data.RowSource;
import dev.mlops4j.data.RowSourceException;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.SchemaException;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteDataSource;

/** Rows of a database that are no events of the view: an error that says why, and nothing taken. */
class BadSourceTest {

  private static final Instant START = Instant.parse("2013-03-01T00:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);
  private static final Instant NOW = START.plus(DAY.multipliedBy(5));
  private static final Schema SCHEMA =
      Schema.builder()
          .optional("origin", STRING)
          .optional("observed_at", TIMESTAMP)
          .optional("wind", FLOAT64)
          .build();
  private static final FeatureView WEATHER =
      FeatureView.named("weather")
          .key("origin", STRING)
          .eventTime("observed_at")
          .feature("wind", FLOAT64)
          .build();

  record Question(String origin, Instant at, boolean label) {}

  @TempDir private Path directory;
  private final SQLiteDataSource sqlite = new SQLiteDataSource();
  private Workspace workspace;

  @BeforeEach
  void open() throws SQLException {
    workspace = Workspace.at(directory.resolve("workspace")).clock(() -> NOW).open();
    sqlite.setUrl("jdbc:sqlite:" + directory.resolve("weather.db"));
    execute("CREATE TABLE weather (origin TEXT, observed_at TEXT, wind REAL)");
    execute("INSERT INTO weather VALUES ('JFK', '2013-03-01T01:00:00.000000Z', 1.5)");
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  @Test
  void sqlWithoutADeclaredColumn() {
    assertRefused(JdbcSource.of(sqlite, "SELECT origin, observed_at FROM weather").schema(SCHEMA))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("column \"wind\" is missing")
        .hasMessageContaining("there are: origin");
    assertRefused(
            JdbcSource.of(sqlite, "SELECT origin, observed_at FROM weather")
                .schema(
                    Schema.builder()
                        .optional("origin", STRING)
                        .optional("observed_at", TIMESTAMP)
                        .build()))
        .isInstanceOf(FeatureDataException.class)
        .hasMessageContaining("column \"wind\" FLOAT64 is absent");
  }

  @Test
  void columnsOfTheWrongType() throws SQLException {
    assertRefused(JdbcSource.of(sqlite, "SELECT origin, observed_at, wind FROM weather"))
        .isInstanceOf(FeatureDataException.class)
        .hasMessageContaining("column \"observed_at\" is TIMESTAMP in the view, found STRING");
    execute("INSERT INTO weather VALUES ('JFK', '2013-03-01T02:00:00.000000Z', 'calm')");
    assertRefused(all())
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("row 1, column \"wind\": \"calm\" is not a number but text");
  }

  @Test
  void timestampsWithoutAZone() throws SQLException {
    execute("INSERT INTO weather VALUES ('JFK', '2013-03-01 02:00:00', 2)");
    assertRefused(all())
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("row 1, column \"observed_at\": \"2013-03-01 02:00:00\"")
        .hasMessageContaining("without a zone");
  }

  @Test
  void nullKeysAndTimes() throws SQLException {
    execute("INSERT INTO weather VALUES (NULL, '2013-03-01T02:00:00.000000Z', 2)");
    execute("INSERT INTO weather VALUES ('JFK', NULL, 2)");
    assertRefused(all())
        .isInstanceOf(FeatureDataException.class)
        .hasMessageContaining("column \"origin\" is null in 1 rows")
        .hasMessageContaining("column \"observed_at\" is null in 1 rows");
  }

  /** The source does not mark it; the view does. */
  @Test
  void cellsOfWhatTheViewCallsSensitiveAreNotShown() throws Exception {
    FeatureView view =
        FeatureView.named("visits")
            .key("patient", INT64)
            .eventTime("observed_at")
            .column("card", FLOAT64)
            .feature("cards", distinctCount("card").over(DAY))
            .sensitive("patient")
            .sensitive("card")
            .build();
    Schema schema =
        Schema.builder()
            .optional("patient", INT64)
            .optional("observed_at", TIMESTAMP)
            .optional("card", FLOAT64)
            .build();
    execute("CREATE TABLE visit (patient TEXT, observed_at TEXT, card TEXT)");
    execute("INSERT INTO visit VALUES ('P-77', '2013-03-01T01:00:00.000000Z', 'C-88')");
    RowSource table =
        JdbcSource.of(sqlite, "SELECT patient, observed_at, card FROM visit")
            .schema(schema)
            .build();
    Path file = directory.resolve("visits.csv");
    Files.writeString(file, "patient,observed_at,card\nP-77,2013-03-01T01:00:00Z,C-88\n");
    RowSource files = Csv.options().schema(schema).source("observed_at", file);
    for (RowSource source : List.of(table, files)) {
      try (FeatureStore store = FeatureStore.builder(workspace).source(view, source).open()) {
        assertThatThrownBy(() -> store.materialize(view, START, NOW))
            .isInstanceOf(MlopsException.class)
            .hasMessageContaining("column \"patient\"")
            .hasMessageContaining("column \"card\"")
            .hasMessageNotContaining("P-77")
            .hasMessageNotContaining("C-88");
        assertThatThrownBy(() -> source.read(START, NOW, batch -> {}))
            .as("the source by itself")
            .hasMessageContaining("P-77");
      }
    }
  }

  @Test
  void whatADatabaseSaysOfAValueIsNotRepeatedWhereValuesAreSensitive() {
    SQLException failure = new SQLException("invalid input: \"C-88\"", "22P02");
    SQLException gone = new SQLException("the server closed the connection", "08006");
    assertThatThrownBy(() -> failing(failure).hiding(Set.of("card")).read(START, NOW, rows -> {}))
        .isInstanceOf(RowSourceException.class)
        .hasMessageContaining("SQL state 22P02")
        .hasMessageNotContaining("C-88")
        .hasNoCause();
    assertThatThrownBy(() -> failing(gone).hiding(Set.of("card")).read(START, NOW, rows -> {}))
        .hasMessageContaining("closed the connection")
        .hasCause(gone);
    assertThatThrownBy(() -> failing(failure).read(START, NOW, rows -> {}))
        .hasMessageContaining("C-88")
        .hasCause(failure);
  }

  private static RowSource failing(SQLException failure) {
    SQLiteDataSource database =
        new SQLiteDataSource() {
          @Override
          public SQLiteConnection getConnection() throws SQLException {
            throw failure;
          }
        };
    return JdbcSource.of(database, "SELECT 1").build();
  }

  /** A view may count what a source marks: a count tells no value. */
  @Test
  void whatASourceMarksAsSensitiveMayBeCounted() {
    FeatureView view =
        FeatureView.named("winds")
            .key("origin", STRING)
            .eventTime("observed_at")
            .column("wind", FLOAT64)
            .feature("winds", distinctCount("wind").over(DAY))
            .sensitive("wind")
            .build();
    RowSource marked = all().sensitive("wind").build();
    try (FeatureStore store = FeatureStore.builder(workspace).source(view, marked).open()) {
      assertThat(store.materialize(view, START, START.plus(DAY)).added()).isEqualTo(1);
      assertThat(store.get(view, EntityKey.of(view, "JFK"), START.plus(DAY)).value("winds"))
          .isEqualTo(1L);
    }
  }

  @Test
  void eventsBeyondTheToleratedFutureHoweverTheyCome() {
    FeatureStore store =
        FeatureStore.builder(workspace).futureTolerance(Duration.ofHours(1)).open();
    Instant last = NOW.plus(Duration.ofHours(1));
    Instant beyond = last.plusNanos(1_000);
    Dataset rows = Dataset.builder(SCHEMA).add("JFK", last, 1.0).add("JFK", beyond, 2.0).build();
    assertThatThrownBy(() -> store.ingest(WEATHER, rows))
        .isInstanceOf(FeatureDataException.class)
        .hasMessageContaining("1 events lie in the future, up to " + beyond)
        .hasMessageContaining("[1]");
    assertThatThrownBy(() -> store.push(WEATHER, row(beyond)))
        .isInstanceOf(FeatureDataException.class)
        .hasMessageContaining("futureTolerance");
    assertThat(store.views()).isEmpty();
    assertThat(store.push(WEATHER, row(last))).as("exactly as far as is tolerated").isTrue();
  }

  /** Neither a materialized view nor one in place takes anything of such a source. */
  private AbstractThrowableAssert<?, ? extends Throwable> assertRefused(
      JdbcSource.Builder builder) {
    RowSource source = builder.build();
    try (FeatureStore store = FeatureStore.builder(workspace).source(WEATHER, source).open();
        FeatureStore there = FeatureStore.builder(workspace).inPlace(WEATHER, source).open()) {
      FeatureSet<Question> set =
          FeatureSet.named("set", Question.class)
              .at(Question::at)
              .lookup(WEATHER, Question::origin)
              .build();
      assertThatThrownBy(
              () ->
                  there.trainingSet(
                      set,
                      List.of(new Question("JFK", NOW, true)),
                      Target.binary("label", Question::label)))
          .isInstanceOf(MlopsException.class);
      AbstractThrowableAssert<?, ? extends Throwable> refused =
          assertThatThrownBy(() -> store.materialize(WEATHER, START, NOW));
      assertThat(store.views()).hasSize(1);
      assertThat(store.views().get(0).events()).isZero();
      assertThat(store.views().get(0).materialized()).isNull();
      return refused;
    }
  }

  private JdbcSource.Builder all() {
    return JdbcSource.of(sqlite, "SELECT origin, observed_at, wind FROM weather").schema(SCHEMA);
  }

  private static Map<String, Object> row(Instant time) {
    return Map.of("origin", "JFK", "observed_at", time, "wind", 1.0);
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = sqlite.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
