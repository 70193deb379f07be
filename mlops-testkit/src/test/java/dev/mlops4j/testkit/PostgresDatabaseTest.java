package dev.mlops4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.mlops4j.storage.ConstraintViolationException;
import dev.mlops4j.storage.Database;
import dev.mlops4j.storage.Dialect;
import dev.mlops4j.storage.Migration;
import dev.mlops4j.storage.StorageReadOnlyException;
import dev.mlops4j.storage.Transaction;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.postgresql.core.TransactionState;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.PgConnection;

/** What {@link Database} promises, on PostgreSQL. */
class PostgresDatabaseTest {

  private static final List<Migration> STEPS =
      List.of(
          new Migration(
              1,
              1,
              dialect ->
                  List.of(
                      "CREATE TABLE note (id "
                          + dialect.identity()
                          + ", text "
                          + dialect.orderedText()
                          + " UNIQUE)")));

  private final String schema = PostgresServer.newSchema();
  private HikariDataSource pool;
  private Database database;

  @BeforeEach
  void open() {
    pool = PostgresServer.pool();
    database = on(PostgresServer.database(pool, schema));
  }

  @AfterEach
  void everyConnectionIsBack() {
    assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
    pool.close();
  }

  @Test
  void aConnectionIsGivenBackAsItWasWhateverHappened() throws SQLException {
    try (PostgresConnectionKept kept = new PostgresConnectionKept(PostgresServer.source())) {
      Connection raw = kept.raw();
      Database other = on(PostgresServer.database(kept, schema));
      for (boolean autoCommit : new boolean[] {true, false}) {
        raw.setAutoCommit(autoCommit);
        other.write(tx -> tx.update(insert(""), "a" + autoCommit));
        checkIdle(kept, autoCommit);
        assertThat(notes(other)).isNotEmpty();
        checkIdle(kept, autoCommit);
        assertThatThrownBy(() -> other.write(tx -> tx.update(insert(""), "a" + autoCommit)))
            .isInstanceOf(ConstraintViolationException.class);
        checkIdle(kept, autoCommit);
        assertThatThrownBy(() -> other.read(tx -> tx.update(insert(""), "b")))
            .isInstanceOf(StorageReadOnlyException.class);
        checkIdle(kept, autoCommit);
        assertThatThrownBy(
                () ->
                    other.write(
                        tx -> {
                          tx.update(insert(""), "b");
                          throw new AssertionError("an error");
                        }))
            .hasMessage("an error");
        checkIdle(kept, autoCommit);
      }
    }
    assertThat(notes()).containsExactly("atrue", "afalse");
  }

  private static void checkIdle(PostgresConnectionKept kept, boolean autoCommit)
      throws SQLException {
    Connection raw = kept.raw();
    assertThat(kept.lent()).isZero();
    assertThat(raw.unwrap(PgConnection.class).getTransactionState())
        .isEqualTo(TransactionState.IDLE);
    assertThat(raw.getAutoCommit()).isEqualTo(autoCommit);
    assertThat(raw.isReadOnly()).isFalse();
    assertThat(raw.getTransactionIsolation()).isEqualTo(Connection.TRANSACTION_READ_COMMITTED);
    assertThat(shown(raw, "search_path")).isEqualTo("\"$user\", public");
    assertThat(shown(raw, "lock_timeout")).isEqualTo("0");
    assertThat(shown(raw, "transaction_read_only")).isEqualTo("off");
    if (!autoCommit) {
      raw.rollback();
    }
  }

  @Test
  void nothingIsAskedForUntilItIsUsed() {
    DataSource none = new PGSimpleDataSource();
    assertThat(on(Database.postgres(none, "x"))).hasToString("PostgreSQL schema \"x\"");
    assertThat(database.dialect()).isEqualTo(Dialect.POSTGRESQL);
  }

  @Test
  void whatAWriteReturnedFromIsReadByEverybody() {
    long id = database.write(tx -> tx.insertReturningId(insert(" RETURNING id"), "a"));

    assertThat(id).isEqualTo(1);
    try (HikariDataSource otherPool = PostgresServer.pool()) {
      Database other = on(PostgresServer.database(otherPool, schema));
      assertThat(notes(other)).containsExactly("a");
    }
    try (HikariDataSource otherPool = PostgresServer.pool()) {
      Database other = on(PostgresServer.database(otherPool, PostgresServer.newSchema()));
      assertThat(notes(other)).isEmpty();
    }
  }

  @Test
  void aReadSeesOneSnapshotWhateverIsWrittenMeanwhile() {
    database.write(tx -> tx.update(insert(""), "before"));

    List<List<String>> seen =
        database.read(
            tx -> {
              List<List<String>> both = new ArrayList<>();
              both.add(notes());
              database.write(other -> other.update(insert(""), "after"));
              both.add(notes());
              both.add(tx.query("SELECT text FROM note", row -> row.getString(1)));
              return both;
            });

    assertThat(seen).containsOnly(List.of("before"));
    assertThat(notes()).containsExactly("before", "after");
  }

  @Test
  void workThatThrowsLeavesNothing() {
    assertThatThrownBy(
            () ->
                database.write(
                    tx -> {
                      tx.update(insert(""), "a");
                      throw new IllegalArgumentException("changed my mind");
                    }))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("changed my mind");

    assertThat(notes()).isEmpty();
  }

  @Test
  void workThatHidesAFailureIsNotTakenForStored() {
    database.write(tx -> tx.update(insert(""), "a"));

    assertThatThrownBy(
            () ->
                database.write(
                    tx -> {
                      tx.update(insert(""), "b");
                      try {
                        return tx.update(insert(""), "a");
                      } catch (SQLException e) {
                        return 0;
                      }
                    }))
        .isInstanceOf(ConstraintViolationException.class);

    assertThat(notes()).containsExactly("a");
  }

  @Test
  void aBatchCountsItsRowsEvenIfTheDriverMakesOneInsertOfThem() {
    PGSimpleDataSource source = (PGSimpleDataSource) PostgresServer.source();
    source.setReWriteBatchedInserts(true);
    Database rewriting = on(PostgresServer.database(source, schema));
    rewriting.write(tx -> tx.batch(insert(""), List.of(args("note 1"), args("note 1700"))));

    List<Object[]> rows = IntStream.range(0, 2500).mapToObj(i -> args("note " + i)).toList();
    int inserted = rewriting.write(tx -> tx.batch(insert(" ON CONFLICT DO NOTHING"), rows));

    assertThat(inserted).isEqualTo(2498);
    assertThat(notes()).hasSize(2500);
    assertThatThrownBy(() -> rewriting.write(tx -> tx.batch(insert(""), rows)))
        .isInstanceOf(ConstraintViolationException.class);
    assertThat(rewriting.<Integer>write(tx -> tx.batch(insert(""), List.of()))).isZero();
  }

  @Test
  void aScanTakesRowsAsItGoesAndMayQueryMeanwhile() {
    List<Object[]> rows = IntStream.range(0, 1300).mapToObj(i -> args("note " + i)).toList();
    database.write(tx -> tx.batch(insert(""), rows));

    List<String> pairs = new ArrayList<>();
    String sql = "SELECT text FROM note ORDER BY id";
    database.read(
        tx -> {
          tx.scan(
              sql,
              outer -> {
                String first = outer.getString(1);
                tx.scan(sql, inner -> !pairs.add(first + " " + inner.getString(1)));
                return pairs.size() < 1200;
              });
          return 0;
        });

    assertThat(pairs).hasSize(1200).startsWith("note 0 note 0").endsWith("note 1199 note 0");
  }

  @Test
  void everyKindOfArgumentComesBackAsItWas() {
    byte[] bytes = {0, 1, -1};
    Object[] arguments = {
      "tëxt \uD83D\uDE00", bytes, true, 7, Long.MIN_VALUE, Double.NEGATIVE_INFINITY, -0.0, null
    };
    List<Object> row =
        database
            .read(tx -> tx.first("SELECT ?, ?, ?, ?, ?, ?, ?, ?", this::values, arguments))
            .orElseThrow();

    assertThat(row)
        .containsExactly(
            "tëxt \uD83D\uDE00",
            bytes,
            true,
            7,
            Long.MIN_VALUE,
            Double.NEGATIVE_INFINITY,
            -0.0,
            true);
  }

  @Test
  void asManyArgumentsAsQuestionMarksAreNeeded() {
    String sql = "INSERT INTO note (text) SELECT ? || '?' AS \"?\"";
    database.write(tx -> tx.update(sql, "a"));

    assertThat(notes()).containsExactly("a?");
    assertThatThrownBy(() -> database.write(tx -> tx.update(sql)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a statement with 1 question marks was given 0 arguments");
    assertThatThrownBy(() -> database.write(tx -> tx.update(sql, "a", "b")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a statement with 1 question marks was given 2 arguments");
  }

  @Test
  void textIsOrderedByCodePointsWhateverTheLanguageOfTheDatabase() {
    List<String> ordered = List.of("", "A", "B", "_", "a", "b", "é", "\uFF5E", "\uD83D\uDE00");
    List<Object[]> shuffled = new ArrayList<>();
    ordered.forEach(text -> shuffled.add(0, args(text)));
    database.write(tx -> tx.batch(insert(""), shuffled));

    List<String> found =
        database.read(
            tx -> tx.query("SELECT text FROM note ORDER BY text", row -> row.getString(1)));
    List<String> below =
        database.read(
            tx -> tx.query("SELECT text FROM note WHERE text < ?", row -> row.getString(1), "a"));

    assertThat(found).isEqualTo(ordered);
    assertThat(below).containsExactlyInAnyOrder("", "A", "B", "_");
  }

  @Test
  void worksThatLockTheSameNameRunOneAfterTheOther() {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    database.write(tx -> tx.update(insert(""), "0"));
    try (HikariDataSource otherPool = PostgresServer.pool()) {
      Database other = on(PostgresServer.database(otherPool, schema));
      together(
          8,
          i ->
              (i % 2 == 0 ? database : other)
                  .write(
                      tx -> {
                        tx.lock("counter");
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        int found = Integer.parseInt(first(tx, "SELECT text FROM note"));
                        tx.update("UPDATE note SET text = ?", Integer.toString(found + 1));
                        inside.decrementAndGet();
                        return 0;
                      }));
    }

    assertThat(most).hasValue(1);
    assertThat(notes()).containsExactly("8");
  }

  @Test
  void worksThatLockNothingRunSideBySide() {
    CyclicBarrier bothInside = new CyclicBarrier(2);
    together(
        2,
        i ->
            database.write(
                tx -> {
                  tx.update(insert(""), "note " + i);
                  await(bothInside);
                  return 0;
                }));

    assertThat(notes()).containsExactlyInAnyOrder("note 0", "note 1");
  }

  @Test
  void aWorkThatLostADeadlockIsBegunAnew() {
    database.write(tx -> tx.batch(insert(""), List.of(args("a"), args("b"))));
    CountDownLatch bothHoldOne = new CountDownLatch(2);
    AtomicInteger begun = new AtomicInteger();
    together(
        2,
        i ->
            database.write(
                tx -> {
                  begun.incrementAndGet();
                  String append = "UPDATE note SET text = text || ? WHERE text LIKE ?";
                  tx.update(append, i, i == 0 ? "a%" : "b%");
                  bothHoldOne.countDown();
                  await(bothHoldOne);
                  tx.update(append, i, i == 0 ? "b%" : "a%");
                  return 0;
                }));

    assertThat(begun).hasValue(3);
    assertThat(notes()).allSatisfy(note -> assertThat(note).hasSize(3).contains("0", "1"));
  }

  @Test
  void connectionsWithoutAutocommitAreUsedAndGivenBackSo() throws SQLException {
    try (HikariDataSource manual =
        PostgresServer.pool(PostgresServer.source(), config -> config.setAutoCommit(false))) {
      Database other = on(PostgresServer.database(manual, schema));
      other.write(tx -> tx.update(insert(""), "a"));
      assertThat(notes(other)).containsExactly("a");
      try (Connection connection = manual.getConnection()) {
        assertThat(connection.getAutoCommit()).isFalse();
      }
    }
    assertThat(notes()).containsExactly("a");
  }

  @Test
  void transactionsWithinAWriteAreRefused() {
    assertThatThrownBy(() -> database.write(tx -> notes()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("use the write's own transaction");
    assertThatThrownBy(() -> database.write(tx -> database.write(other -> 1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("use the write's own transaction");
  }

  @Test
  void anInterruptNeitherEndsATransactionNorIsLost() {
    Thread.currentThread().interrupt();

    database.write(tx -> tx.update(insert(""), "a"));
    List<String> found = notes();

    assertThat(Thread.interrupted()).isTrue();
    assertThat(found).containsExactly("a");
  }

  @Test
  void anInterruptWhileNoConnectionIsFreeIsKeptUntilOneIs() throws Exception {
    notes();
    List<Connection> all = new ArrayList<>();
    for (int i = 0; i < pool.getMaximumPoolSize(); i++) {
      all.add(pool.getConnection());
    }
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    Thread waiting =
        new Thread(
            () -> {
              database.write(tx -> tx.update(insert(""), "a"));
              done.complete(Thread.currentThread().isInterrupted());
            });
    waiting.start();
    while (pool.getHikariPoolMXBean().getThreadsAwaitingConnection() == 0) {
      LockSupport.parkNanos(1_000_000);
    }
    waiting.interrupt();
    for (Connection connection : all) {
      connection.close();
    }

    assertThat(done.get(30, TimeUnit.SECONDS)).isTrue();
    assertThat(notes()).containsExactly("a");
  }

  @Test
  void aCloseWaitsForWhatRunsAndLeavesThePoolOpen() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch mayEnd = new CountDownLatch(1);
    CompletableFuture<Integer> writing =
        CompletableFuture.supplyAsync(
            () ->
                database.write(
                    tx -> {
                      inside.countDown();
                      await(mayEnd);
                      return tx.update(insert(""), "a");
                    }),
            task -> new Thread(task).start());
    await(inside);
    CompletableFuture<Void> closing =
        CompletableFuture.runAsync(database::close, task -> new Thread(task).start());
    while (!isClosed()) {
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(closing).isNotDone();
    mayEnd.countDown();
    closing.get(30, TimeUnit.SECONDS);

    assertThat(writing.get(30, TimeUnit.SECONDS)).isEqualTo(1);
    assertThat(pool.isClosed()).isFalse();
    database.close();
    assertThat(notes(on(PostgresServer.database(pool, schema)))).containsExactly("a");
  }

  @Test
  void aCloseWithinATransactionIsRefused() {
    assertThatThrownBy(() -> database.read(tx -> closeIt()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cannot be closed within the work of a read");
    assertThatThrownBy(() -> database.write(tx -> closeIt()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("within the work of a write");
    assertThat(notes()).isEmpty();
  }

  @Test
  void aSchemaHasAPlainName() {
    for (String name : List.of("", "a\"b", "a b", "1a", "pg_temp", "ä", "x".repeat(64))) {
      assertThatThrownBy(() -> Database.postgres(pool, name))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("a schema's name is");
    }
    Database mixed = on(PostgresServer.database(pool, "Mixed_" + schema));
    mixed.write(tx -> tx.update(insert(""), "a"));
    assertThat(notes(mixed)).containsExactly("a");
  }

  private List<Object> values(ResultSet row) throws SQLException {
    return List.of(
        row.getString(1),
        row.getBytes(2),
        row.getBoolean(3),
        row.getInt(4),
        row.getLong(5),
        row.getDouble(6),
        row.getDouble(7),
        row.getObject(8) == null);
  }

  private boolean isClosed() {
    try {
      notes();
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  private int closeIt() {
    database.close();
    return 0;
  }

  private List<String> notes() {
    return notes(database);
  }

  private static List<String> notes(Database database) {
    return database.read(
        tx -> tx.query("SELECT text FROM note ORDER BY id", row -> row.getString(1)));
  }

  private static Database on(Database database) {
    return database.withSchema("notes", STEPS);
  }

  private static String first(Transaction tx, String sql) throws SQLException {
    return tx.first(sql, row -> row.getString(1)).orElseThrow();
  }

  private static String shown(Connection connection, String setting) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW " + setting)) {
      row.next();
      return row.getString(1);
    }
  }

  private static void together(int threads, IntConsumer work) {
    List<CompletableFuture<Void>> all =
        IntStream.range(0, threads)
            .mapToObj(
                i -> {
                  CompletableFuture<Void> done = new CompletableFuture<>();
                  Thread thread =
                      new Thread(
                          () -> {
                            try {
                              work.accept(i);
                              done.complete(null);
                            } catch (Throwable e) {
                              done.completeExceptionally(e);
                            }
                          });
                  thread.start();
                  return done;
                })
            .toList();
    all.forEach(done -> done.orTimeout(60, TimeUnit.SECONDS).join());
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await(30, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static String insert(String more) {
    return "INSERT INTO note (text) VALUES (?)" + more;
  }

  private static Object[] args(Object... args) {
    return args;
  }
}
