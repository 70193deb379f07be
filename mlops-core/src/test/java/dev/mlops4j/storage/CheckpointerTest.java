package dev.mlops4j.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
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
  void whatIsWorthItIsCarriedOverByAnotherThread() throws SQLException {
    SqliteFile sqlite = new SqliteFile(file, Durability.NORMAL, Duration.ofSeconds(10));
    Checkpointer checkpointer = new Checkpointer(sqlite);
    try (Session writer = sqlite.openWriter()) {
      writer.execute("CREATE TABLE t (filler BLOB)");
      writer.execute("INSERT INTO t VALUES (randomblob(" + 3 * MIB + "))");
      checkpointer.committed(3 * MIB, 1);
      assertThat(size(file)).isLessThan(MIB);
      checkpointer.committed(MIB, 1);
      checkpointer.close();
      assertThat(size(file)).isGreaterThan(3 * MIB);
    }
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
      assertThat(count(database)).isEqualTo(101);
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
