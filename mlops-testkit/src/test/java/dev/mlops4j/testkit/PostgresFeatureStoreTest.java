package dev.mlops4j.testkit;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.feature.Aggregation.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.mlops4j.MlopsException;
import dev.mlops4j.data.JdbcSource;
import dev.mlops4j.data.SchemaException;
import dev.mlops4j.feature.EntityKey;
import dev.mlops4j.feature.Erasure;
import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.FeatureValues.Status;
import dev.mlops4j.feature.FeatureView;
import dev.mlops4j.feature.Materialized;
import dev.mlops4j.feature.Target;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A feature store on PostgreSQL, of a table that lies there as well. */
class PostgresFeatureStoreTest {

  private static final Instant START = Instant.parse("2013-03-10T05:00:00Z");
  private static final int HOURS = 48;
  private static final int ROWS_OF_AN_HOUR = 30;
  private static final Instant END = START.plus(Duration.ofHours(HOURS));
  private static final FeatureView VIEW =
      FeatureView.named("departures")
          .key("origin", STRING)
          .eventTime("departed_at")
          .feature("delay", FLOAT64)
          .feature("departures_1h", count().over(Duration.ofHours(1)))
          .retention(Duration.ofHours(36))
          .build();
  private static final EntityKey JFK = EntityKey.of(VIEW, "JFK");

  record Flight(String origin, Instant at, boolean late) {}

  private static final FeatureSet<Flight> SET =
      FeatureSet.named("flights", Flight.class)
          .at(Flight::at)
          .lookup(VIEW.as("v"), Flight::origin)
          .build();

  @TempDir private Path directory;
  private final String schema = PostgresServer.newSchema();
  private final String table = "departure_" + schema;
  private HikariDataSource pool;
  private Workspace workspace;

  @BeforeEach
  void open() throws SQLException {
    pool = PostgresServer.pool();
    // Every two minutes, one airport after the other; the text of a delay as a number may fail.
    execute(
        "CREATE TABLE "
            + table
            + " AS SELECT CASE WHEN i % 2 = 0 THEN 'JFK' ELSE 'LGA' END AS origin,"
            + " TIMESTAMPTZ '2013-03-10 05:00:00+00' + i * INTERVAL '2 minutes' AS departed_at,"
            + " i::text AS delay FROM generate_series(0, "
            + (HOURS * ROWS_OF_AN_HOUR - 1)
            + ") AS i");
    workspace =
        Workspace.at(directory.resolve("workspace"))
            .database(PostgresServer.database(pool, schema))
            .clock(() -> END)
            .open();
  }

  @AfterEach
  void close() throws SQLException {
    workspace.close();
    execute("DROP TABLE " + table);
    pool.close();
  }

  @Test
  void aSourceThatFailsHalfWayIsGoneOnWithAndThenErasedAndExpired() throws SQLException {
    FeatureStore store = FeatureStore.builder(workspace).source(VIEW, source("departed_at")).open();
    execute("UPDATE " + table + " SET delay = 'x' || delay WHERE delay = '1000'");
    assertThatThrownBy(() -> materialize(store, START)).isInstanceOf(MlopsException.class);
    int whole = 1000 / (6 * ROWS_OF_AN_HOUR) * 6;
    assertThat(store.views().get(0).events()).isEqualTo((long) whole * ROWS_OF_AN_HOUR);
    assertThat(store.views().get(0).materialized()).isEqualTo(START.plus(Duration.ofHours(whole)));

    execute("UPDATE " + table + " SET delay = substring(delay FROM 2) WHERE delay = 'x1000'");
    Materialized rest = materialize(store, null);
    assertThat(rest.added()).isEqualTo((long) (HOURS - whole) * ROWS_OF_AN_HOUR);
    assertThat(materialize(store, START).added()).isZero();
    assertThat(store.get(VIEW, JFK, END).value("delay")).isEqualTo(1438.0);
    assertThat(store.get(VIEW, JFK, END).value("departures_1h")).isEqualTo(14L);

    assertThat(store.removeBeyondRetention(VIEW)).isEqualTo(12 * ROWS_OF_AN_HOUR);
    int ofJfk = 36 * ROWS_OF_AN_HOUR / 2;
    assertThat(store.erase(VIEW, JFK)).isEqualTo(ofJfk);
    assertThat(store.get(VIEW, JFK, END).status("delay")).isEqualTo(Status.MISSING);
    assertThat(store.erasures(VIEW)).extracting(Erasure::events).containsExactly(ofJfk);
    assertThat(store.get(VIEW, EntityKey.of(VIEW, "LGA"), END).value("delay")).isEqualTo(1439.0);
  }

  @Test
  void aTrainingSetOfTheTableInPlaceIsThatOfWhatWasTakenIn() {
    FeatureStore taken = FeatureStore.builder(workspace).source(VIEW, source("departed_at")).open();
    materialize(taken, START);
    FeatureStore read = FeatureStore.builder(workspace).inPlace(VIEW, source("departed_at")).open();
    List<Flight> flights =
        List.of(
            new Flight("JFK", START.plus(Duration.ofMinutes(781)), true),
            new Flight("LGA", START.plus(Duration.ofHours(20)), false),
            new Flight("BOS", END, true));
    Target<Flight, Boolean> late = Target.binary("late", Flight::late);

    assertThat(read.trainingSet(SET, flights, late).vectors())
        .containsExactly(taken.trainingSet(SET, flights, late).vectors())
        .containsExactly(new double[] {390, 15, 599, 15, Double.NaN, 0});
  }

  /** As text its driver reads the nearest double, as bytes the float: here it is the float. */
  @Test
  void aRealIsTheSameNumberInEveryRun() throws SQLException {
    execute("ALTER TABLE " + table + " ALTER COLUMN delay TYPE real USING delay::real / 10");
    JdbcSource reals =
        JdbcSource.of(
                pool,
                "SELECT origin, departed_at, delay FROM "
                    + table
                    + " WHERE departed_at >= :from AND departed_at < :to")
            .build();
    FeatureStore store = FeatureStore.builder(workspace).source(VIEW, reals).open();
    // So many steps that the driver prepares the statement on each connection of the pool.
    Duration step = Duration.ofHours(1);
    Duration all = Duration.ofHours(HOURS);
    assertThat(store.materialize(VIEW).from(START).to(END).step(step).run().added())
        .isEqualTo((long) HOURS * ROWS_OF_AN_HOUR);
    assertThat(store.materialize(VIEW).step(step).lateness(all).run().added()).isZero();
    assertThat(store.get(VIEW, JFK, END).value("delay")).isEqualTo((double) 143.8f);
  }

  @Test
  void timesWithoutAZoneAreRefused() {
    FeatureStore store =
        FeatureStore.builder(workspace).source(VIEW, source("departed_at::timestamp")).open();
    assertThatThrownBy(() -> materialize(store, START))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("departed_at")
        .hasMessageContaining("zone");
  }

  private static Materialized materialize(FeatureStore store, @Nullable Instant from) {
    var run = store.materialize(VIEW).to(END).step(Duration.ofHours(6));
    return from == null ? run.run() : run.from(from).run();
  }

  /** Streamed in pages that are smaller than a step. */
  private JdbcSource source(String time) {
    return JdbcSource.of(
            pool,
            "SELECT origin, "
                + time
                + " AS departed_at, delay::float8 AS delay FROM "
                + table
                + " WHERE departed_at >= :from AND departed_at < :to")
        .fetchSize(50)
        .build();
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
