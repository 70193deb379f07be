package dev.mlops4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.mlops4j.feature.JdbcOnlineStore;
import dev.mlops4j.registry.JdbcRegistryStore;
import dev.mlops4j.storage.Database;
import dev.mlops4j.storage.Migration;
import dev.mlops4j.storage.SchemaTooNewException;
import dev.mlops4j.storage.SchemaTooOldException;
import dev.mlops4j.storage.StorageException;
import dev.mlops4j.storage.StorageReadOnlyException;
import dev.mlops4j.tracking.JdbcTrackingStore;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** How tables come into a PostgreSQL schema. */
class PostgresMigrationTest {

  private static final Migration TABLE = Migration.of(1, "CREATE TABLE a (x BIGINT)");
  private static final Migration COLUMN_MORE =
      new Migration(2, 1, dialect -> List.of("ALTER TABLE a ADD COLUMN y BIGINT"));
  private static final Migration COLUMN_RENAMED =
      Migration.of(3, "ALTER TABLE a RENAME COLUMN x TO z");
  private static final String COLUMNS =
      "SELECT string_agg(table_name || '.' || column_name || ' ' || data_type || ' ' ||"
          + " coalesce(collation_name, '') || is_nullable, ',' ORDER BY table_name, column_name)"
          + " FROM information_schema.columns WHERE table_schema = ?";

  private final String schema = PostgresServer.newSchema();
  private final PGSimpleDataSource source = (PGSimpleDataSource) PostgresServer.source();

  @Test
  void tablesAreMadeWhenThatIsAskedForAndNotBefore() {
    Database root = Database.postgres(source, schema);
    JdbcTrackingStore tracking = new JdbcTrackingStore(root);
    JdbcRegistryStore registry = new JdbcRegistryStore(root);

    SchemaTooOldException refused =
        catchThrowableOfType(SchemaTooOldException.class, tracking::experiments);
    assertThat(refused)
        .hasMessageContaining("schema \"" + schema + "\" has no tables of tracking")
        .hasMessageContaining("Call Database.migrate() once")
        .hasMessageContaining("Database.ddl()");
    assertThat(refused.component()).isEqualTo("tracking");
    assertThat(refused.found()).isZero();
    assertThat(refused.needed()).isEqualTo(6);
    assertThat(columns(schema)).isEmpty();

    root.migrate();
    root.migrate();

    assertThat(tracking.experiments()).isEmpty();
    assertThat(registry.models()).isEmpty();
    assertThat(new JdbcRegistryStore(Database.postgres(source, schema)).models()).isEmpty();
    JdbcOnlineStore features = JdbcOnlineStore.in(root);
    assertThat(root.ddl()).containsOnlyKeys("feature", "registry", "tracking");
    features.close();
  }

  @Test
  void stepsThatLackAreNamedAndTaken() {
    with(TABLE).migrate();
    insert(with(TABLE));

    assertThatThrownBy(() -> insert(with(TABLE, COLUMN_MORE)))
        .isInstanceOf(SchemaTooOldException.class)
        .hasMessageContaining("holds a in version 1; this library needs version 2");
    with(TABLE, COLUMN_MORE).migrate();

    insert(with(TABLE, COLUMN_MORE));
    insert(with(TABLE));
    with(TABLE, COLUMN_MORE, COLUMN_RENAMED).migrate();
    assertThatThrownBy(() -> insert(with(TABLE))).isInstanceOf(SchemaTooNewException.class);
    assertThat(count(with(TABLE, COLUMN_MORE, COLUMN_RENAMED))).isEqualTo(3);
  }

  @Test
  void aStepThatFailsLeavesNothing() {
    Migration wrong = Migration.of(2, "CREATE TABLE b (x BIGINT)", "CREATE TABLE a (x BIGINT)");

    assertThatThrownBy(() -> with(TABLE, wrong).migrate())
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("already exists");

    assertThat(columns(schema)).isEmpty();
  }

  @Test
  void whatMigratesAtTheSameTimeDoesItOnce() {
    List<CompletableFuture<Void>> all = new ArrayList<>();
    List<HikariDataSource> pools = new ArrayList<>();
    CyclicBarrier start = new CyclicBarrier(6);
    for (int i = 0; i < 6; i++) {
      HikariDataSource pool = PostgresServer.pool();
      pools.add(pool);
      CompletableFuture<Void> done = new CompletableFuture<>();
      all.add(done);
      Thread thread =
          new Thread(
              () -> {
                try {
                  Database root = Database.postgres(pool, schema);
                  JdbcRegistryStore registry = new JdbcRegistryStore(root);
                  JdbcOnlineStore.in(root);
                  start.await(30, TimeUnit.SECONDS);
                  root.migrate();
                  assertThat(registry.models()).isEmpty();
                  done.complete(null);
                } catch (Throwable e) {
                  done.completeExceptionally(e);
                }
              });
      thread.start();
    }
    all.forEach(done -> done.orTimeout(60, TimeUnit.SECONDS).join());
    pools.forEach(HikariDataSource::close);
  }

  @Test
  void theScriptsMakeTheSameTablesForAUserWhoMayNot() throws SQLException {
    Database root = Database.postgres(source, schema);
    new JdbcTrackingStore(root);
    new JdbcRegistryStore(root);
    JdbcOnlineStore.in(root).close();
    root.migrate();
    String other = PostgresServer.newSchema();
    String role = "user_of_" + other;
    execute("CREATE ROLE " + role + " LOGIN PASSWORD 'secret'");
    PGSimpleDataSource asRole = (PGSimpleDataSource) PostgresServer.source();
    asRole.setUser(role);
    asRole.setPassword("secret");
    Database ofRole = Database.postgres(asRole, other);
    JdbcTrackingStore tracking = new JdbcTrackingStore(ofRole);
    JdbcRegistryStore registry = new JdbcRegistryStore(ofRole);
    JdbcOnlineStore.in(ofRole).close();

    assertThatThrownBy(ofRole::migrate)
        .isInstanceOf(StorageReadOnlyException.class)
        .hasMessageContaining("permission denied");
    for (String script : ofRole.ddl().values()) {
      execute(script);
    }
    execute("GRANT USAGE ON SCHEMA " + other + " TO " + role);
    execute(
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA " + other + " TO " + role);

    assertThat(columns(other)).isEqualTo(columns(schema)).contains("model.changes bigint");
    assertThat(registry.models()).isEmpty();
    assertThat(tracking.experiments()).isEmpty();
    ofRole.migrate();
  }

  @Test
  void nothingIsMadeElsewhereWhileTheSchemaIsNotThere() {
    Database bare = Database.postgres(source, schema);

    assertThatThrownBy(() -> bare.write(tx -> tx.update("CREATE TABLE a (x BIGINT)")))
        .isInstanceOf(StorageException.class);
  }

  @Test
  void aTemporaryTableOfAnothersDoesNotTakeThePlaceOfOurs() throws SQLException {
    with(TABLE).migrate();
    try (PostgresConnectionKept shared = new PostgresConnectionKept(source)) {
      Connection connection = shared.getConnection();
      try (Statement statement = connection.createStatement()) {
        statement.execute("CREATE TEMPORARY TABLE a (other TEXT)");
      }
      insert(Database.postgres(shared, schema).withSchema("a", List.of(TABLE)));
    }
    assertThat(count(with(TABLE))).isEqualTo(1);
  }

  @Test
  void connectionsThatPreparedStatementsBeforeAMigrationGoOn() {
    source.setPrepareThreshold(1);
    // Else the driver forgets what it prepared whenever it hears of another search path.
    source.setCurrentSchema(schema + ", pg_catalog, pg_temp");
    // A pool that does not throw such connections away, as some do.
    try (PostgresConnectionKept kept = new PostgresConnectionKept(source)) {
      with(TABLE).migrate();
      Database before = Database.postgres(kept, schema).withSchema("a", List.of(TABLE));
      insert(before);
      for (int i = 0; i < 3; i++) {
        assertThat(all(before)).containsExactly(1);
      }
      with(TABLE, COLUMN_MORE).migrate();

      assertThat(all(before)).containsExactly(2);
      assertThat(all(before)).containsExactly(2);
    }
  }

  private static List<Integer> all(Database database) {
    return database.read(
        tx -> tx.query("SELECT * FROM a", row -> row.getMetaData().getColumnCount()));
  }

  private Database with(Migration... steps) {
    return Database.postgres(source, schema).withSchema("a", List.of(steps));
  }

  private static void insert(Database database) {
    database.write(tx -> tx.update("INSERT INTO a (x) VALUES (1)"));
  }

  private static int count(Database database) {
    return database.read(
        tx -> tx.first("SELECT count(*) FROM a", row -> row.getInt(1)).orElseThrow());
  }

  private String columns(String name) {
    return Database.postgres(source, schema)
        .read(tx -> tx.query(COLUMNS, row -> String.valueOf(row.getString(1)), name))
        .get(0)
        .replace("null", "");
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
