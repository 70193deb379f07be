package dev.mlops4j.duckdb;

import static dev.mlops4j.data.ColumnType.BOOLEAN;
import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.INT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.data.ColumnType.TIMESTAMP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.JdbcSource;
import dev.mlops4j.data.RowSourceException;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.SchemaException;
import dev.mlops4j.data.TimestampForm;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The source over a database that holds its columns to their types. */
class JdbcSourceOverDuckDbTest {

  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

  private final DuckDbDataSource duckDb = DuckDb.dataSource();

  @AfterEach
  void close() {
    duckDb.close();
  }

  @Test
  void everyTypeIsReadAsWhatItIs() {
    Dataset rows =
        read(
            JdbcSource.of(
                duckDb,
                "SELECT 1::TINYINT a, 2::BIGINT b, 3.5::DOUBLE c, 4.25::DECIMAL(9,2) d, true e,"
                    + " 'ü' f, TIMESTAMPTZ '2013-01-01 00:00:00.123456+00' g, 5::HUGEINT h,"
                    + " 1.5::FLOAT i UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL,"
                    + " NULL, NULL ORDER BY a"));

    assertThat(rows.schema())
        .hasToString(
            "(a INT64, b INT64, c FLOAT64, d FLOAT64, e BOOLEAN, f STRING, g TIMESTAMP, h FLOAT64,"
                + " i FLOAT64)");
    assertThat(values(rows, 0))
        .containsExactly(
            1L, 2L, 3.5, 4.25, true, "ü", Instant.parse("2013-01-01T00:00:00.123456Z"), 5.0, 1.5);
    assertThat(values(rows, 1)).containsOnlyNulls();
  }

  @Test
  void declaredTypesThatFitAreTaken() {
    Schema schema =
        Schema.builder()
            .required("whole", FLOAT64)
            .required("decimal", INT64)
            .required("text", TIMESTAMP)
            .required("epoch", TIMESTAMP)
            .build();

    Dataset rows =
        read(
            JdbcSource.of(
                    duckDb,
                    "SELECT 7 AS whole, 8::DECIMAL(9,2) AS \"DECIMAL\", '2013-01-01T05:00:00-05:00'"
                        + " AS text, 1500 AS epoch")
                .schema(schema)
                .timestampsAs(TimestampForm.EPOCH_MILLIS));

    assertThat(values(rows, 0))
        .containsExactly(
            7.0,
            8L,
            Instant.parse("2013-01-01T10:00:00Z"),
            Instant.parse("1970-01-01T00:00:01.5Z"));
  }

  @Test
  void everyTypeThatDoesNotFitIsNamed() {
    Schema schema =
        Schema.builder()
            .required("a", STRING)
            .required("b", INT64)
            .required("c", BOOLEAN)
            .required("d", TIMESTAMP)
            .required("e", TIMESTAMP)
            .required("f", TIMESTAMP)
            .required("g", FLOAT64)
            .build();

    assertThatThrownBy(
            () ->
                read(
                    JdbcSource.of(
                            duckDb,
                            "SELECT 1 a, 1.5::DOUBLE b, 0 c, TIMESTAMP '2013-01-01 00:00:00' d,"
                                + " DATE '2013-01-01' e, 1 f, [1] g")
                        .schema(schema)))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("column \"a\" is to be STRING, found INTEGER")
        .hasMessageContaining("column \"b\" is to be INT64, found DOUBLE")
        .hasMessageContaining("column \"c\" is to be BOOLEAN, found INTEGER")
        .hasMessageContaining("column \"d\" is to be TIMESTAMP, found TIMESTAMP; a time without a")
        .hasMessageContaining("column \"e\" is to be TIMESTAMP, found DATE; a time without a zone")
        .hasMessageContaining("column \"f\" is to be TIMESTAMP, found INTEGER; say what its")
        .hasMessageContaining("column \"g\" is to be FLOAT64, found INTEGER[]");
    assertThatThrownBy(() -> read(JdbcSource.of(duckDb, "SELECT [1] AS a, TIME '10:00' AS b")))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("\"a\" is an array, INTEGER[]; declare a schema")
        .hasMessageContaining("\"b\" is TIME, which no column can hold");
  }

  @Test
  void localTimesAreThoseOfTheZone() {
    Dataset rows =
        read(
            JdbcSource.of(duckDb, "SELECT TIMESTAMP '2013-07-01 10:15:00' t, DATE '2013-01-01' d")
                .zone(NEW_YORK));

    assertThat(values(rows, 0))
        .containsExactly(
            Instant.parse("2013-07-01T14:15:00Z"), Instant.parse("2013-01-01T05:00:00Z"));
    assertThatThrownBy(
            () ->
                read(
                    JdbcSource.of(duckDb, "SELECT TIMESTAMP '2013-03-10 02:30:00' t")
                        .zone(NEW_YORK)))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("row 0, column \"t\"")
        .hasMessageContaining("the clocks of America/New_York skip this time");
  }

  @Test
  void theEndsOfAPeriodAreBoundForColumnsWithAndWithoutAZone() throws SQLException {
    execute(
        "CREATE TABLE t AS SELECT i, TIMESTAMPTZ '2013-01-01 00:00:00+00' + to_hours(i) AS zoned,"
            + " TIMESTAMP '2013-01-01 00:00:00' + to_hours(i) AS local FROM range(48) r(i)");
    Instant from = Instant.parse("2013-01-01T10:00:00Z");
    Instant to = Instant.parse("2013-01-01T12:00:00Z");

    assertThat(
            numbers(
                JdbcSource.of(duckDb, "SELECT i FROM t WHERE zoned >= :from AND zoned < :to")
                    .build(),
                from,
                to))
        .containsExactly(10L, 11L);
    assertThat(
            numbers(
                JdbcSource.of(duckDb, "SELECT i FROM t WHERE local >= :from AND local < :to")
                    .zone(NEW_YORK)
                    .build(),
                from,
                to))
        .containsExactly(5L, 6L);
    assertThat(
            numbers(
                JdbcSource.of(
                        duckDb,
                        "SELECT i FROM t WHERE zoned >= :from AND zoned < :to AND ':from' <> $$:to$$"
                            + " AND '1'::int = 1 -- :from")
                    .build(),
                Instant.MIN,
                Instant.MAX))
        .hasSize(48);
  }

  @Test
  void aMillionRowsAreStreamed() {
    int[] seen = new int[2];
    JdbcSource.of(duckDb, "SELECT i, i / 2.0 AS half FROM range(1000000) t(i)")
        .fetchSize(50_000)
        .build()
        .read(
            Instant.MIN,
            Instant.MAX,
            batch -> {
              seen[0]++;
              seen[1] += batch.rowCount();
            });

    assertThat(seen).containsExactly(20, 1_000_000);
  }

  @Test
  void aQueryThatFailsHalfWaySaysWhy() {
    assertThatThrownBy(
            () ->
                read(
                    JdbcSource.of(
                        duckDb,
                        "SELECT CASE WHEN i = 900000 THEN error('broken') ELSE i END AS i FROM"
                            + " range(1000000) t(i)")))
        .isInstanceOf(RowSourceException.class)
        .hasMessageContaining("broken");
  }

  @Test
  void connectionsShareOneDatabaseWithoutTheNetwork() throws SQLException {
    execute("CREATE TABLE shared AS SELECT 1 AS x");

    assertThat(read(JdbcSource.of(duckDb, "SELECT x FROM shared")).rowCount()).isEqualTo(1);
    assertThat(
            values(
                read(
                    JdbcSource.of(
                        duckDb,
                        "SELECT current_setting('TimeZone') z,"
                            + " current_setting('autoinstall_known_extensions') i,"
                            + " current_setting('autoload_known_extensions') l,"
                            + " current_setting('memory_limit') m")),
                0))
        .containsExactly("UTC", false, false, "1.0 GiB");
    assertThatThrownBy(() -> execute("SELECT * FROM 'https://localhost:1/x.parquet'"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("httpfs");
    try (DuckDbDataSource other = DuckDb.dataSource()) {
      assertThatThrownBy(() -> read(JdbcSource.of(other, "SELECT x FROM shared")))
          .isInstanceOf(RowSourceException.class)
          .hasMessageContaining("shared");
    }
  }

  @Test
  void limitsThatMakeNoSenseAreRefused() {
    assertThatThrownBy(() -> DuckDbLimits.defaults().withThreads(0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> DuckDbLimits.defaults().withMemoryBytes(1000))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = duckDb.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static Dataset read(JdbcSource.Builder source) {
    List<Dataset> batches = new ArrayList<>();
    source.fetchSize(1_000_000).build().read(Instant.MIN, Instant.MAX, batches::add);
    return batches.get(0);
  }

  private static List<Long> numbers(JdbcSource source, Instant from, Instant to) {
    List<Long> numbers = new ArrayList<>();
    source.read(from, to, batch -> batch.rows().forEach(row -> numbers.add((Long) row.value(0))));
    return numbers.stream().sorted().toList();
  }

  private static List<Object> values(Dataset rows, int row) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < rows.schema().size(); i++) {
      values.add(rows.row(row).value(i));
    }
    return values;
  }
}
