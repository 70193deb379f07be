package dev.mlops4j.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BadDiskTest {

  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void make() {
    file = directory.resolve("t.db");
    try (Database database = Database.sqlite(file, Durability.FULL)) {
      database.write(tx -> tx.update("CREATE TABLE t (x BLOB)"));
    }
  }

  @Test
  void aFullDiskHasItsOwnExceptionAndTakesBackTheWholeTransaction() {
    try (Database database = Database.sqlite(file, Durability.FULL)) {
      database.write(tx -> tx.first("PRAGMA max_page_count = 10", row -> row.getInt(1)));

      assertThatThrownBy(
              () ->
                  database.write(
                      tx -> {
                        tx.update("INSERT INTO t (x) VALUES (?)", new byte[10]);
                        return tx.update("INSERT INTO t (x) VALUES (?)", new byte[1 << 20]);
                      }))
          .isInstanceOf(StorageFullException.class)
          .hasMessageContaining("cannot write " + file)
          .hasMessageContaining(
              "the disk is full. Nothing of the transaction was stored; free some space");
      assertThat(count(database)).isZero();
    }
  }

  @Test
  void aFileThatIsNoDatabaseHasItsOwnException() throws Exception {
    Path text = Files.writeString(directory.resolve("text.db"), "not a database ".repeat(100));

    try (Database database = Database.sqlite(text, Durability.FULL)) {
      assertThatThrownBy(() -> count(database))
          .isInstanceOf(StorageCorruptException.class)
          .hasMessageContaining(text.toString())
          .hasMessageContaining("damaged or not a database");
    }
    assertThat(text).hasContent("not a database ".repeat(100));
  }

  @Test
  void aDirectoryThatIsNotThereIsTold() {
    Path lost = directory.resolve("lost/t.db");

    try (Database database = Database.sqlite(lost, Durability.FULL)) {
      assertThatThrownBy(() -> count(database))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("cannot read " + lost);
    }
  }

  @Test
  void anotherProcessThatNeverLetsGoIsToldAfterThePatience() {
    try (Database hog = Database.sqlite(file, Durability.FULL);
        Database database = Database.sqlite(file, Durability.FULL, Duration.ofMillis(50))) {
      hog.write(
          held -> {
            assertThatThrownBy(() -> database.write(tx -> tx.update("INSERT INTO t VALUES (1)")))
                .isInstanceOf(StorageBusyException.class)
                .hasMessageContaining("cannot write " + file)
                .hasMessageContaining("look for a process that hangs");
            assertThat(count(database)).isZero();
            return 0;
          });
      database.write(tx -> tx.update("INSERT INTO t VALUES (1)"));
      assertThat(count(database)).isEqualTo(1);
    }
  }

  @Test
  void aDirectoryWithoutPermissionToWriteHasItsOwnException() throws Exception {
    Path locked = Files.createDirectory(directory.resolve("locked"));
    Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("r-xr-xr-x"));
    Assumptions.assumeFalse(Files.isWritable(locked), "the superuser may write everywhere");

    try (Database database = Database.sqlite(locked.resolve("t.db"), Durability.FULL)) {
      assertThatThrownBy(() -> database.write(tx -> 1))
          .isInstanceOf(StorageReadOnlyException.class)
          .hasMessageContaining("it is read-only");
    }
  }

  private static int count(Database database) {
    return database.read(
        tx -> tx.first("SELECT count(*) FROM t", row -> row.getInt(1)).orElseThrow());
  }
}
