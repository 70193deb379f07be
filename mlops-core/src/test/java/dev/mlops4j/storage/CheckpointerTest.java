package dev.mlops4j.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CheckpointerTest {

  private static final int MIB = 1 << 20;

  @TempDir Path directory;
  private Path file;
  private Path log;
  private final byte[] filler = new byte[MIB];

  @BeforeEach
  void names() {
    file = directory.resolve("t.db");
    log = directory.resolve("t.db-wal");
    new Random(1).nextBytes(filler);
  }

  @ParameterizedTest
  @EnumSource
  void theLogOfAWriterThatNeverPausesStaysShort(Durability durability) {
    long longest = 0;
    try (Database database = Database.sqlite(file, durability)) {
      create(database);
      for (int i = 0; i < 160; i++) {
        insert(database);
        longest = Math.max(longest, size(log));
      }
      assertThat(count(database)).isEqualTo(160);
    }
    assertThat(longest).isLessThan(72 * MIB);
    assertThat(size(file)).isGreaterThan(160L * MIB);
  }

  @Test
  void theLogIsMeasuredByThePagesInItNotByTheValues() {
    long longest = 0;
    try (Database database = Database.sqlite(file, Durability.NORMAL)) {
      database.write(tx -> tx.update("CREATE TABLE t (k INTEGER PRIMARY KEY, filler BLOB)"));
      int rows = 20_000;
      database.write(
          tx ->
              tx.update(
                  "INSERT INTO t WITH RECURSIVE n(k) AS"
                      + " (SELECT 1 UNION ALL SELECT k + 1 FROM n WHERE k < ?)"
                      + " SELECT k, randomblob(3000) FROM n",
                  rows));
      // 64 pages a transaction, and hardly a byte of values.
      for (int i = 0; i < 600; i++) {
        int from = i * 64 % rows;
        database.write(
            tx ->
                tx.update(
                    "UPDATE t SET filler = zeroblob(3000) WHERE k > ? AND k <= ?",
                    from,
                    from + 64));
        longest = Math.max(longest, size(log));
      }
    }
    assertThat(longest).isLessThan(96L * MIB);
  }

  @Test
  void whatIsWorthItIsCarriedOverByAnotherThread() throws SQLException {
    SqliteFile sqlite = new SqliteFile(file, Durability.NORMAL, Duration.ofSeconds(10));
    AtomicInteger threads = new AtomicInteger();
    Checkpointer checkpointer =
        new Checkpointer(
            sqlite,
            work -> {
              threads.incrementAndGet();
              return new Thread(work);
            });
    try (Session writer = sqlite.openWriter()) {
      writer.execute("CREATE TABLE t (filler BLOB)");
      writer.execute("INSERT INTO t VALUES (randomblob(" + MIB + "))");
      checkpointer.committed(MIB, 1);
      assertThat(threads).hasValue(0);
      writer.execute("INSERT INTO t VALUES (randomblob(" + MIB + "))");
      checkpointer.committed(MIB, 1);
      checkpointer.close();
      assertThat(threads).hasValue(1);
      assertThat(size(file)).isGreaterThan(2 * MIB);
    }
  }

  @Test
  void aThreadThatCannotBeStartedHoldsNobodyUp() throws SQLException {
    SqliteFile sqlite = new SqliteFile(file, Durability.NORMAL, Duration.ofSeconds(10));
    Checkpointer checkpointer =
        new Checkpointer(
            sqlite,
            work ->
                new Thread(work) {
                  @Override
                  public synchronized void start() {
                    throw new OutOfMemoryError("unable to create native thread");
                  }
                });
    try (Session writer = sqlite.openWriter()) {
      writer.execute("CREATE TABLE t (filler BLOB)");
      writer.execute("INSERT INTO t VALUES (randomblob(" + 65 * MIB + "))");
      checkpointer.committed(65 * MIB, 1);
      checkpointer.awaitRoom();
      checkpointer.close();
    }
  }

  @Test
  void anErrorOnTheThreadHoldsNobodyUp() throws SQLException {
    Path absent = directory.resolve("absent/t.db");
    SqliteFile sqlite = new SqliteFile(absent, Durability.NORMAL, Duration.ofMillis(10));
    Checkpointer checkpointer = new Checkpointer(sqlite);
    checkpointer.committed(65 * MIB, 1);
    checkpointer.awaitRoom();
    checkpointer.committed(65 * MIB, 1);
    checkpointer.close();
  }

  @Test
  void aReaderOfAnOldMomentHoldsNobodyUp() {
    try (Database database = Database.sqlite(file, Durability.NORMAL)) {
      create(database);
      insert(database);
      database.read(
          tx -> {
            long before = tx.first("SELECT COUNT(*) FROM t", row -> row.getLong(1)).orElseThrow();
            Thread writer =
                new Thread(
                    () -> {
                      for (int i = 0; i < 100; i++) {
                        insert(database);
                      }
                    });
            writer.start();
            join(writer);
            assertThat(tx.first("SELECT COUNT(*) FROM t", row -> row.getLong(1))).contains(before);
            return before;
          });
      for (int i = 0; i < 70; i++) {
        insert(database); // the reader has gone: what it kept is carried over
      }
      assertThat(count(database)).isEqualTo(171);
      assertThat(size(log)).isLessThan(72 * MIB);
    }
  }

  @Test
  void aWriterThatIsInterruptedWhileItWaitsStoresAndStaysInterrupted() {
    try (Database database = Database.sqlite(file, Durability.NORMAL)) {
      create(database);
      Thread.currentThread().interrupt();
      for (int i = 0; i < 80; i++) {
        insert(database);
      }
      assertThat(Thread.interrupted()).isTrue();
      assertThat(count(database)).isEqualTo(80);
    }
  }

  private static void create(Database database) {
    database.write(tx -> tx.update("CREATE TABLE t (filler BLOB)"));
  }

  private void insert(Database database) {
    database.write(tx -> tx.update("INSERT INTO t VALUES (?)", (Object) filler));
  }

  private static long count(Database database) {
    return database.read(
        tx -> tx.first("SELECT COUNT(*) FROM t", row -> row.getLong(1)).orElseThrow());
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
