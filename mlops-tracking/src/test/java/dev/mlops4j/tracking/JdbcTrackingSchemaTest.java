package dev.mlops4j.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.Digest;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Schema;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.storage.Database;
import dev.mlops4j.storage.Durability;
import dev.mlops4j.workspace.ProcessIdentity;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That older libraries can use the tables of this one. */
class JdbcTrackingSchemaTest {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static final String INSERT_RUN =
      "INSERT INTO run (id, experiment, name, status, started_at, seen_at, host, process_space,"
          + " pid, process_started, environment)"
          + " VALUES (?, 'delay', 'n', 'RUNNING', 0, 0, 'h', 's', 1, 't', '')";

  private static final String INSERT_DATASET =
      "INSERT INTO run_dataset (run_no, name, role, digest, row_count)"
          + " VALUES (1, 'flights', 'training', ?, 3)";

  @TempDir Path directory;

  @Test
  void datasetsThatAnOlderLibraryLoggedHaveNeitherColumnsNorASource() {
    Path file = directory.resolve("metadata.db");
    try (Database older =
            Database.sqlite(file, Durability.FULL)
                .withSchema(JdbcTrackingSchema.COMPONENT, JdbcTrackingSchema.STEPS.subList(0, 4));
        Database newer = Database.sqlite(file, Durability.FULL)) {
      older.write(tx -> tx.update(INSERT_RUN, "run"));
      older.write(tx -> tx.update(INSERT_DATASET, Digest.of("before").hex()));
      JdbcTrackingStore store = new JdbcTrackingStore(newer);
      DatasetReference before = new DatasetReference("flights", "training", Digest.of("before"), 3);
      assertThat(store.find("run").orElseThrow().datasets()).containsExactly(before);

      Schema schema = Schema.builder().required("wind", ColumnType.FLOAT64).build();
      DatasetReference known =
          new DatasetReference("flights", "training", Digest.of("known"), 3, schema, "CSV a");
      store.addDatasets("run", List.of(known));
      older.write(tx -> tx.update(INSERT_DATASET, Digest.of("beside").hex()));

      DatasetReference beside = new DatasetReference("flights", "training", Digest.of("beside"), 3);
      assertThat(store.find("run").orElseThrow().datasets()).containsExactly(before, known, beside);
    }
  }

  @Test
  void aLibraryThatDoesNotKnowOfResumesAndWritersRemovesARunThatHasSome() {
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
      store.addMetrics("run", new MetricBatch("w", 0, List.of()));
      store.addMetrics(
          "run", new MetricBatch("w", 0, List.of(new MetricPoint("auc", 1, START, 1))));
      database.write(tx -> tx.update("DELETE FROM metric_point"));
      database.write(tx -> tx.update("DELETE FROM metric"));
      assertThat(store.find("run").orElseThrow().resumes()).hasSize(1);

      database.write(tx -> tx.update("DELETE FROM run WHERE id = ?", "run"));

      assertThat(store.find("run")).isEmpty();
      assertThat(
              database.<Integer>read(
                  tx ->
                      tx.query(
                              "SELECT 1 FROM run_resume UNION ALL SELECT 1 FROM run_metric_writer",
                              row -> row.getInt(1))
                          .size()))
          .isZero();
    }
  }
}
