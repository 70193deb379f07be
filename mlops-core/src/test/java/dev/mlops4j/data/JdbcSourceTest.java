package dev.mlops4j.data;

import static dev.mlops4j.data.ColumnType.BOOLEAN;
import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.INT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.data.ColumnType.TIMESTAMP;
import static dev.mlops4j.data.ColumnType.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** The source over a real SQLite; what other databases have of their own is tested with DuckDB. */
class JdbcSourceTest {

  private static final Schema SCHEMA =
      Schema.builder()
          .required("origin", STRING)
          .required("observed_at", TIMESTAMP)
          .optional("wind", FLOAT64)
          .optional("gusts", INT64)
          .optional("rain", BOOLEAN)
          .build();

  private static final Schema ITEMS =
      Schema.builder().required("id", STRING).optional("embedding", floats(2)).build();

  private static final String PERIOD =
      "SELECT * FROM weather WHERE observed_at >= :from AND observed_at < :to ORDER BY rowid";

  @TempDir Path directory;

  private final SQLiteDataSource sqlite = new SQLiteDataSource();
  private final AtomicInteger open = new AtomicInteger();

  @BeforeEach
  void createTable() throws SQLException {
    sqlite.setUrl("jdbc:sqlite:" + directory.resolve("weather.db"));
    execute(
        "CREATE TABLE weather (id INTEGER, origin TEXT, observed_at INTEGER, wind REAL,"
            + " gusts INTEGER, rain BOOLEAN)");
  }

  @Test
  void rowsOfAPeriodComeInBatchesOfTheFetchSize() throws SQLException {
    for (int i = 0; i < 25; i++) {
      execute("INSERT INTO weather VALUES (" + i + ", 'JFK', " + i + "000000, " + i + ".5, 1, 0)");
    }
    JdbcSource source =
        source(PERIOD)
            .schema(SCHEMA)
            .timestampsAs(TimestampForm.EPOCH_MICROS)
            .fetchSize(10)
            .build();

    List<Dataset> batches = batches(source, Instant.ofEpochSecond(2), Instant.ofEpochSecond(24));

    assertThat(batches).extracting(Dataset::rowCount).containsExactly(10, 10, 2);
    assertThat(batches).extracting(Dataset::schema).containsOnly(SCHEMA);
    assertThat(batches).extracting(Dataset::source).containsOnly("SQL " + PERIOD.strip());
    assertThat(batches.get(0).row(0).value(1)).isEqualTo(Instant.ofEpochSecond(2));
    assertThat(batches.get(2).doubles("wind").doubleAt(1)).isEqualTo(23.5);
    assertThat(batches(source, Instant.MIN, Instant.MAX))
        .extracting(Dataset::rowCount)
        .containsExactly(10, 10, 5);
    assertThat(batches(source, Instant.ofEpochSecond(3), Instant.ofEpochSecond(3))).isEmpty();
    assertThat(open).hasValue(0);
  }

  @Test
  void nullsAreMissingAndValuesKeepTheirTypes() throws SQLException {
    execute(
        "INSERT INTO weather VALUES (1, 'JFK', 1, 2, NULL, 1), (2, '', 2, NULL, -9, NULL),"
            + " (3, 'ü', 3, 9e999, 9223372036854775807, 0)");

    Dataset rows =
        only(source("SELECT * FROM weather").schema(SCHEMA), TimestampForm.EPOCH_SECONDS);

    assertThat(rows.rows().map(row -> row.value(0))).containsExactly("JFK", "", "ü");
    assertThat(rows.rows().map(row -> row.value(2)))
        .containsExactly(2.0, null, Double.POSITIVE_INFINITY);
    assertThat(rows.rows().map(row -> row.value(3))).containsExactly(null, -9L, Long.MAX_VALUE);
    assertThat(rows.rows().map(row -> row.value(4))).containsExactly(true, null, false);
    assertThat(rows.rows().map(row -> row.value(1))).contains(Instant.ofEpochSecond(3));
  }

  @Test
  void arraysOfFloatsMayBeTexts() throws SQLException {
    execute("CREATE TABLE items (id TEXT, embedding TEXT)");
    execute("INSERT INTO items VALUES ('a', '[0.5, -1]'), ('b', NULL)");
    JdbcSource source = source("SELECT * FROM items").schema(ITEMS).build();

    assertThat(batches(source, Instant.MIN, Instant.MAX).get(0).rows())
        .extracting(row -> row.value("embedding"))
        .containsExactly(Floats.of(0.5f, -1), null);
    execute(
        "INSERT INTO items VALUES ('c', '[1]'), ('d', '[1,null]'), ('e', 7), ('f', x'00000000')");
    assertThatThrownBy(() -> batches(source, Instant.MIN, Instant.MAX))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining(
            "row 2, column \"embedding\": \"[1]\" is an array of 1 elements, the column is FLOATS(2)")
        .hasMessageContaining(
            "row 3, column \"embedding\": \"[1,null]\" is an array whose element 1")
        .hasMessageContaining("row 4, column \"embedding\": \"7\" is not an array")
        .hasMessageContaining("such as [0.5,-1], but bytes");
  }

  @Test
  void instantsMayBeTexts() throws SQLException {
    execute(
        "INSERT INTO weather (origin, observed_at) VALUES ('a', '2013-01-01T10:15:00Z'),"
            + " ('b', '2013-01-01T10:15:00.5Z'), ('c', '2013-01-01T10:16:00Z')");
    JdbcSource source =
        source(PERIOD)
            .schema(SCHEMA)
            .zone(ZoneId.of("America/New_York"))
            .timestampsAs(TimestampForm.ISO_8601)
            .build();

    List<Dataset> batches =
        batches(
            source, Instant.parse("2013-01-01T10:15:00Z"), Instant.parse("2013-01-01T10:16:00Z"));

    assertThat(batches.get(0).rows().map(row -> row.value(0))).containsExactly("a", "b");
    assertThat(batches.get(0).row(1).value(1)).isEqualTo(Instant.parse("2013-01-01T10:15:00.5Z"));
  }

  @Test
  void localTimesNeedAZone() throws SQLException {
    execute("INSERT INTO weather (origin, observed_at) VALUES ('a', '2013-07-01 10:15:00')");
    JdbcSource.Builder source = source("SELECT * FROM weather").schema(SCHEMA);

    assertThatThrownBy(() -> batches(source.build(), Instant.MIN, Instant.MAX))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("row 0, column \"observed_at\": \"2013-07-01 10:15:00\"")
        .hasMessageContaining("without a zone");
    assertThat(
            batches(source.zone(ZoneId.of("America/New_York")).build(), Instant.MIN, Instant.MAX)
                .get(0)
                .row(0)
                .value(1))
        .isEqualTo(Instant.parse("2013-07-01T14:15:00Z"));
  }

  @Test
  void everyCellThatIsNotAsDeclaredIsNamed() throws SQLException {
    execute(
        "INSERT INTO weather VALUES (1, 'JFK', 1, 'calm', 1.5, 2), (2, 'LGA', 2, 1, 1, 1),"
            + " (3, NULL, 'noon', x'00', 'x', 'y')");
    Schema secret =
        Schema.of(
            SCHEMA.fields().stream()
                .map(
                    field ->
                        new Field(
                            field.name(),
                            field.type(),
                            field.required(),
                            field.name().equals("wind")))
                .toList());

    assertThatThrownBy(
            () -> only(source("SELECT * FROM weather").schema(secret), TimestampForm.EPOCH_SECONDS))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("row 0, column \"wind\": not a number but text")
        .hasMessageContaining("row 0, column \"gusts\": \"1.5\" is not a whole number")
        .hasMessageContaining("row 0, column \"rain\": \"2\" is neither 0 nor 1")
        .hasMessageContaining("row 2, column \"origin\": is null, but the column is required")
        .hasMessageContaining("row 2, column \"observed_at\": \"noon\" is not an ISO 8601")
        .hasMessageContaining("row 2, column \"wind\": not a number but bytes")
        .hasMessageNotContaining("calm")
        .hasMessageNotContaining("row 1");
    assertThat(open).hasValue(0);
  }

  @Test
  void numbersAreNoInstantsUnlessSaidWhatTheyCount() throws SQLException {
    execute("INSERT INTO weather (origin, observed_at) VALUES ('a', 5)");

    assertThatThrownBy(
            () ->
                batches(
                    source("SELECT * FROM weather").schema(SCHEMA).build(),
                    Instant.MIN,
                    Instant.MAX))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("timestampsAs(...)");
  }

  @Test
  void everyMissingColumnIsNamed() {
    Schema schema = Schema.builder().required("a", INT64).optional("b", STRING).build();

    assertThatThrownBy(
            () ->
                batches(
                    source("SELECT id, wind AS x FROM weather")
                        .schema(schema)
                        .sensitive("c")
                        .build(),
                    Instant.MIN,
                    Instant.MAX))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("column \"a\" is missing")
        .hasMessageContaining("column \"b\" is missing")
        .hasMessageContaining("column \"c\" was said to be sensitive")
        .hasMessageContaining("there are: id ");
    assertThat(open).hasValue(0);
  }

  @Test
  void columnsAreFoundInAnotherCaseIfNoOtherMatches() throws SQLException {
    execute("INSERT INTO weather (id) VALUES (7)");
    Schema schema = Schema.builder().required("id", INT64).build();

    assertThat(
            only(source("SELECT 1 AS \"Id\", id FROM weather").schema(schema), null)
                .longs("id")
                .longAt(0))
        .isEqualTo(7);
    assertThat(only(source("SELECT 3 AS \"ID\"").schema(schema), null).longs("id").longAt(0))
        .isEqualTo(3);
    assertThatThrownBy(() -> only(source("SELECT 1 AS \"Id\", 2 AS \"ID\"").schema(schema), null))
        .hasMessageContaining("column \"id\" is there more than once");
  }

  @Test
  void aSchemaIsInferredFromTheTable() throws SQLException {
    execute("INSERT INTO weather VALUES (1, 'JFK', 1, 2.5, 3, 1)");

    Dataset rows = only(source("SELECT * FROM weather").sensitive("wind"), null);

    assertThat(rows.schema())
        .hasToString(
            "(id INT64, origin STRING, observed_at INT64, wind FLOAT64, gusts INT64, rain"
                + " BOOLEAN)");
    assertThat(rows.schema().sensitive()).containsExactly("wind");
    assertThat(rows.row(0).value(5)).isEqualTo(true);
  }

  @Test
  void aDatabaseThatFailsHalfWaySaysSoAndGivesTheConnectionBack() throws SQLException {
    execute("INSERT INTO weather (id) VALUES (1), (2), (-9223372036854775808), (4)");
    List<Dataset> shown = new ArrayList<>();
    JdbcSource source =
        source("SELECT abs(id) AS id FROM weather")
            .schema(Schema.builder().required("id", INT64).build())
            .fetchSize(2)
            .build();

    assertThatThrownBy(() -> source.read(Instant.MIN, Instant.MAX, shown::add))
        .isInstanceOf(RowSourceException.class)
        .hasMessageContaining("\"SELECT abs(id) AS id FROM weather\"")
        .hasMessageContaining("after 2 rows")
        .hasMessageContaining("integer overflow")
        .hasCauseInstanceOf(SQLException.class);
    assertThat(shown).extracting(Dataset::rowCount).containsExactly(2);
    assertThat(open).hasValue(0);
  }

  @Test
  void aStatementThatIsNoneIsTheDatabasesToRefuse() {
    assertThatThrownBy(() -> batches(source("SELEC 1").build(), Instant.MIN, Instant.MAX))
        .isInstanceOf(RowSourceException.class)
        .hasMessageContaining("syntax error");
    assertThat(open).hasValue(0);
  }

  @Test
  void whatTheReaderThrowsComesBackUnchanged() throws SQLException {
    execute("INSERT INTO weather (id) VALUES (1), (2)");
    IllegalStateException thrown = new IllegalStateException("enough");

    assertThatThrownBy(
            () ->
                source("SELECT id FROM weather")
                    .build()
                    .read(
                        Instant.MIN,
                        Instant.MAX,
                        batch -> {
                          assertThat(open).hasValue(1);
                          throw thrown;
                        }))
        .isSameAs(thrown);
    assertThat(open).hasValue(0);
  }

  @Test
  void thePlacesAreBoundNotPasted() throws SQLException {
    execute("INSERT INTO weather (origin, observed_at) VALUES (':from', 5)");

    List<Dataset> batches =
        batches(
            source("SELECT origin FROM weather WHERE origin = ':from' AND :to > observed_at")
                .timestampsAs(TimestampForm.EPOCH_SECONDS)
                .build(),
            Instant.MIN,
            Instant.ofEpochSecond(6));

    assertThat(batches).hasSize(1);
  }

  @Test
  void aConnectionComesBackWithItsSettings() throws SQLException {
    try (Connection kept = sqlite.getConnection()) {
      DataSource one =
          (DataSource)
              Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {DataSource.class},
                  (self, method, arguments) -> unclosed(kept));
      JdbcSource.of(one, "SELECT 1 AS x").build().read(Instant.MIN, Instant.MAX, batch -> {});
      assertThat(kept.getAutoCommit()).isTrue();
      kept.setAutoCommit(false);
      JdbcSource.of(one, "SELECT 1 AS x").build().read(Instant.MIN, Instant.MAX, batch -> {});
      assertThat(kept.getAutoCommit()).isFalse();
    }
  }

  @Test
  void settingsThatMakeNoSenseAreRefusedAtOnce() {
    assertThatThrownBy(() -> source("SELECT 1").fetchSize(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("fetchSize is at least 1, found 0");
  }

  private JdbcSource.Builder source(String sql) {
    return JdbcSource.of(counting(), sql);
  }

  private Dataset only(JdbcSource.Builder source, TimestampForm form) {
    if (form != null) {
      source.timestampsAs(form);
    }
    List<Dataset> batches = batches(source.build(), Instant.MIN, Instant.MAX);
    assertThat(batches).hasSize(1);
    return batches.get(0);
  }

  private static List<Dataset> batches(RowSource source, Instant from, Instant to) {
    List<Dataset> batches = new ArrayList<>();
    source.read(from, to, batches::add);
    return batches;
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = sqlite.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Counts the connections that are open. */
  private DataSource counting() {
    return (DataSource)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {DataSource.class},
            (self, method, arguments) -> {
              Connection connection = sqlite.getConnection();
              open.incrementAndGet();
              return Proxy.newProxyInstance(
                  getClass().getClassLoader(),
                  new Class<?>[] {Connection.class},
                  (proxy, called, values) -> {
                    if (called.getName().equals("close")) {
                      open.decrementAndGet();
                    }
                    try {
                      return called.invoke(connection, values);
                    } catch (InvocationTargetException e) {
                      throw e.getCause();
                    }
                  });
            });
  }

  private static Object unclosed(Connection connection) {
    return Proxy.newProxyInstance(
        JdbcSourceTest.class.getClassLoader(),
        new Class<?>[] {Connection.class},
        (proxy, called, values) ->
            called.getName().equals("close") ? null : called.invoke(connection, values));
  }
}
