package dev.mlops4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.zaxxer.hikari.HikariDataSource;
import dev.mlops4j.storage.ConstraintViolationException;
import dev.mlops4j.storage.Database;
import dev.mlops4j.storage.Migration;
import dev.mlops4j.storage.StorageBusyException;
import dev.mlops4j.storage.StorageException;
import dev.mlops4j.storage.StorageFullException;
import dev.mlops4j.storage.StorageReadOnlyException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** What went wrong with PostgreSQL, in the library's words. */
class PostgresErrorsTest {

  private static final List<Migration> STEPS =
      List.of(
          Migration.of(1, "CREATE TABLE note (text TEXT UNIQUE, size BIGINT CHECK (size > 0))"));
  private static final String INSERT = "INSERT INTO note (text) VALUES (?)";

  private final String schema = PostgresServer.newSchema();
  private HikariDataSource pool;
  private Database database;

  @BeforeEach
  void open() {
    pool = PostgresServer.pool();
    database = on(pool);
    database.write(tx -> tx.update(INSERT, "a"));
  }

  @AfterEach
  void nothingWasLeaked() {
    assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
    assertThat(count()).isEqualTo(1);
    pool.close();
  }

  @Test
  void aBrokenConstraintHasItsOwnException() {
    assertThatThrownBy(() -> database.write(tx -> tx.update(INSERT, "a")))
        .isInstanceOf(ConstraintViolationException.class)
        .hasMessageContaining("cannot write PostgreSQL schema \"" + schema + "\"")
        .hasMessageContaining("note_text_key");
    assertThatThrownBy(
            () -> database.write(tx -> tx.update("INSERT INTO note (size) VALUES (?)", -1)))
        .isInstanceOf(ConstraintViolationException.class);
  }

  @Test
  void textWithANulIsRefusedWithItsReason() {
    assertThatThrownBy(() -> database.write(tx -> tx.update(INSERT, "a\0b")))
        .isInstanceOf(ConstraintViolationException.class)
        .hasMessageContaining("argument 1 is text with the character U+0000");
  }

  @Test
  void aWriteInTheWorkOfAReadIsRefused() {
    assertThatThrownBy(() -> database.read(tx -> tx.update(INSERT, "b")))
        .isInstanceOf(StorageReadOnlyException.class)
        .hasMessageContaining("cannot read")
        .hasMessageContaining("write only in the work of a write");
  }

  @Test
  void connectionsThatAreReadOnlyAreReadFromAndNotWritten() {
    PGSimpleDataSource source = source();
    source.setReadOnly(true);
    Database readOnly = on(source);

    assertThat(readOnly.<Integer>read(tx -> tx.first("SELECT 1", row -> 1).orElseThrow())).isOne();
    assertThatThrownBy(() -> readOnly.write(tx -> tx.update(INSERT, "b")))
        .isInstanceOf(StorageReadOnlyException.class)
        .hasMessageContaining("that are not read-only");
  }

  @Test
  void whoMayNotIsToldWhatAndToAskForIt() {
    String role = "reader_of_" + schema;
    database.write(
        tx ->
            tx.update("CREATE ROLE " + role + " LOGIN PASSWORD 'secret'")
                + tx.update("GRANT USAGE ON SCHEMA " + schema + " TO " + role)
                + tx.update("GRANT SELECT ON ALL TABLES IN SCHEMA " + schema + " TO " + role));
    PGSimpleDataSource source = source();
    source.setUser(role);
    source.setPassword("secret");
    Database reader = on(source);

    assertThat(
            reader.<String>read(tx -> tx.query("SELECT * FROM note", r -> r.getString(1)).get(0)))
        .isEqualTo("a");
    assertThatThrownBy(() -> reader.write(tx -> tx.update(INSERT, "b")))
        .isInstanceOf(StorageReadOnlyException.class)
        .hasMessageContaining("permission denied for table note")
        .hasMessageContaining("grant the user what it needs");
  }

  @Test
  void whoWaitsTooLongForOthersIsToldToLookForThem() {
    PGSimpleDataSource impatient = source();
    impatient.setOptions("-c statement_timeout=200");
    Database other = on(impatient);

    database.write(
        tx -> {
          tx.lock("note");
          tx.update("UPDATE note SET size = 1");
          assertThat(catchThrowable(() -> other.write(o -> o.update("UPDATE note SET size = 2"))))
              .isInstanceOf(StorageBusyException.class)
              .hasMessageContaining("look for long transactions");
          Throwable locked =
              catchThrowable(
                  () ->
                      other.write(
                          o -> {
                            o.lock("note");
                            return 1;
                          }));
          assertThat(locked).isInstanceOf(StorageBusyException.class);
          return 0;
        });
  }

  @Test
  void whenNoConnectionIsFreeThatIsSaid() throws SQLException {
    try (HikariDataSource small =
        PostgresServer.pool(
            source(),
            config -> {
              config.setMaximumPoolSize(1);
              config.setConnectionTimeout(500);
            })) {
      Database other = on(small);
      try (Connection taken = small.getConnection()) {
        assertThat(taken.isValid(1)).isTrue();
        assertThatThrownBy(() -> other.write(tx -> 1))
            .isInstanceOf(StorageBusyException.class)
            .hasMessageContaining("allow more connections");
      }
      assertThat(other.<Integer>write(tx -> 1)).isOne();
    }
  }

  @Test
  void aServerThatIsNotThereIsToldFromABusyOneAndNoPasswordIsTold() {
    PGSimpleDataSource nowhere = new PGSimpleDataSource();
    nowhere.setURL("jdbc:postgresql://localhost:1/x?user=ann&password=hunter2");
    StorageException refused =
        catchThrowableOfType(StorageException.class, () -> on(nowhere).write(tx -> 1));
    assertThat(refused)
        .isExactlyInstanceOf(StorageException.class)
        .hasMessageContaining("the connection was lost or refused")
        .hasMessageContaining("see whether the server runs");
    assertThat(everythingOf(refused)).doesNotContain("hunter2");

    try (HikariDataSource pooled =
        PostgresServer.pool(
            nowhere,
            config -> {
              config.setConnectionTimeout(250);
              config.setInitializationFailTimeout(-1);
            })) {
      assertThatThrownBy(() -> on(pooled).write(tx -> 1))
          .isExactlyInstanceOf(StorageException.class)
          .hasMessageContaining("the connection was lost or refused");
    }
  }

  @Test
  void aPasswordInADriversMessageIsHidden() {
    PGSimpleDataSource telling =
        new PGSimpleDataSource() {
          @Override
          public Connection getConnection() throws SQLException {
            throw new SQLException(
                "No suitable driver found for jdbc:pg://bob:swordfish@h/x?password=hunter2&user=b",
                "08001");
          }
        };
    StorageException refused =
        catchThrowableOfType(StorageException.class, () -> on(telling).write(tx -> 1));

    assertThat(refused).hasMessageContaining("jdbc:pg://bob:***@h/x?password=***&user=b");
    assertThat(everythingOf(refused)).doesNotContain("hunter2").doesNotContain("swordfish");
  }

  @Test
  void whatTheServerSaysByAStateHasItsException() {
    assertThat(raised("53100")).isInstanceOf(StorageFullException.class);
    assertThat(raised("57P01")).hasMessageContaining("the connection was lost or refused");
    assertThat(raised("25006")).isInstanceOf(StorageReadOnlyException.class);
    assertThat(raised("55P03")).isInstanceOf(StorageBusyException.class);
    assertThat(raised("40001")).isInstanceOf(StorageBusyException.class);
    assertThat(raised("0A000")).isExactlyInstanceOf(StorageException.class);
    assertThat(raised("26000")).hasMessageContaining("prepareThreshold=0");
    assertThat(raised("42P01")).hasMessageContaining("Database.migrate()");
  }

  private Throwable raised(String state) {
    String sql = "DO $$ BEGIN RAISE SQLSTATE '" + state + "'; END $$";
    return catchThrowable(() -> database.write(tx -> tx.update(sql)));
  }

  private int count() {
    return database.read(
        tx -> tx.first("SELECT count(*) FROM note", row -> row.getInt(1)).orElseThrow());
  }

  private Database on(javax.sql.DataSource source) {
    return PostgresServer.database(source, schema).withSchema("notes", STEPS);
  }

  private static PGSimpleDataSource source() {
    return (PGSimpleDataSource) PostgresServer.source();
  }

  private static String everythingOf(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
