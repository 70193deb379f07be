package dev.mlops4j.tracking;

import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.storage.Transaction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Adds what a run has, within a transaction whose caller holds the run's lock. */
final class JdbcRunRows {

  private final Transaction tx;
  private final String runId;
  private final long run;

  /** For the run of this id and number. */
  JdbcRunRows(Transaction tx, String runId, long run) {
    this.tx = tx;
    this.runId = runId;
    this.run = run;
  }

  void addParams(Map<String, String> params) throws SQLException {
    List<@Nullable Object[]> rows = new ArrayList<>();
    params.forEach((key, value) -> rows.add(new Object[] {run, key, value}));
    int added =
        tx.insert(
            "INSERT INTO run_param (run_no, param, value) VALUES",
            "(?, ?, ?)",
            "ON CONFLICT (run_no, param) DO NOTHING",
            rows);
    if (added < rows.size()) {
      for (Map.Entry<String, String> param : params.entrySet()) {
        requireStored(param.getKey(), param.getValue());
      }
    }
  }

  void setTags(Map<String, String> tags) throws SQLException {
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      tx.update(
          "INSERT INTO run_tag (run_no, tag, value) VALUES (?, ?, ?)"
              + " ON CONFLICT (run_no, tag) DO UPDATE SET value = excluded.value",
          run,
          tag.getKey(),
          tag.getValue());
    }
  }

  void putArtifacts(List<RunArtifact> artifacts) throws SQLException {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (RunArtifact artifact : artifacts) {
      rows.add(
          new Object[] {
            run, artifact.path(), artifact.kind().name(), artifact.digest().hex(), artifact.bytes()
          });
    }
    tx.batch(
        "INSERT INTO run_artifact (run_no, path, kind, digest, bytes)"
            + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (run_no, path) DO UPDATE SET"
            + " kind = excluded.kind, digest = excluded.digest, bytes = excluded.bytes",
        rows);
  }

  void addDatasets(List<DatasetReference> datasets) throws SQLException {
    // One by one, as one statement must not meet a row twice.
    for (DatasetReference dataset : datasets) {
      tx.update(
          "INSERT INTO run_dataset (run_no, name, role, digest, row_count, schema_json, source)"
              + " VALUES (?, ?, ?, ?, ?, ?, ?)"
              + " ON CONFLICT (run_no, name, role, digest, row_count) DO UPDATE SET"
              + " schema_json = coalesce(run_dataset.schema_json, excluded.schema_json),"
              + " source = coalesce(run_dataset.source, excluded.source)",
          run,
          dataset.name(),
          dataset.role(),
          dataset.digest().hex(),
          dataset.rows(),
          dataset.schema() == null ? null : dataset.schema().toJson(),
          dataset.source().isEmpty() ? null : dataset.source());
    }
  }

  void addMetrics(List<MetricPoint> points) throws SQLException {
    JdbcMetrics.of(points).append(tx, run);
  }

  private void requireStored(String key, String value) throws SQLException {
    String stored =
        tx.first(
                "SELECT value FROM run_param WHERE run_no = ? AND param = ?",
                row -> row.getString(1),
                run,
                key)
            .orElseThrow();
    if (!stored.equals(value)) {
      throw new ParamConflictException(runId, key, stored, value);
    }
  }
}
