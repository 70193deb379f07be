package dev.mlops4j.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.storage.Database;
import dev.mlops4j.storage.Durability;
import dev.mlops4j.workspace.ProcessIdentity;
import java.nio.file.Path;
import java.time.Instant;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That older libraries can use the tables of this one. */
class JdbcTrackingSchemaTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  @TempDir Path directory;

  @Test
  void aLibraryThatDoesNotKnowOfResumesRemovesARunThatHasSome() {
    try (Database database = Database.sqlite(directory.resolve("metadata.db"), Durability.FULL)) {
      JdbcTrackingStore store = new JdbcTrackingStore(database);
      ProcessIdentity process = ProcessIdentity.current();
      store.create(new RunStart("run", "delay", "run", START, process, new TreeMap<>()));
      store.end("run", RunStatus.FAILED, START, "x");
      store.resume(
          "run",
          RunStatus.FAILED,
          0,
          process,
          new RunResume(START, RunStatus.FAILED, "x", new TreeMap<>()));
      assertThat(store.find("run").orElseThrow().resumes()).hasSize(1);

      database.write(tx -> tx.update("DELETE FROM run WHERE id = ?", "run"));

      assertThat(store.find("run")).isEmpty();
      assertThat(
              database.<Integer>read(
                  tx -> tx.query("SELECT 1 FROM run_resume", row -> row.getInt(1)).size()))
          .isZero();
    }
  }
}
