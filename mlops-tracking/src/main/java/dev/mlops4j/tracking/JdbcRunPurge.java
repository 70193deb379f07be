package dev.mlops4j.tracking;

import dev.mlops4j.data.Timestamps;
import dev.mlops4j.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Removes deleted runs, and with the call that finds none left the environments that no run has any
 * longer: to look for them each time would be to read all runs each time.
 */
final class JdbcRunPurge {

  /** Shared by a transaction whose run is to find its environment there. */
  static final String ENVIRONMENTS = "environments of runs";

  private static final List<String> STATEMENTS =
      List.of(
          "DELETE FROM metric_point WHERE metric_no IN (SELECT no FROM metric WHERE run_no = ?)",
          "DELETE FROM metric WHERE run_no = ?",
          "DELETE FROM run_metric_writer WHERE run_no = ?",
          "DELETE FROM run_param WHERE run_no = ?",
          "DELETE FROM run_tag WHERE run_no = ?",
          "DELETE FROM run_dataset WHERE run_no = ?",
          "DELETE FROM run_artifact WHERE run_no = ?",
          "DELETE FROM run_resume WHERE run_no = ?",
          "DELETE FROM run WHERE no = ?");

  private final Transaction tx;

  JdbcRunPurge(Transaction tx) {
    this.tx = tx;
  }

  List<String> purge(Instant deletedBefore, int most) throws SQLException {
    List<String> purged = new ArrayList<>();
    List<String> ids;
    do {
      ids =
          tx.query(
              "SELECT id FROM run WHERE deleted_at < ? ORDER BY deleted_at, no LIMIT ?",
              row -> row.getString(1),
              Timestamps.toMicros(deletedBefore),
              most);
      // In one order, so that two processes never wait for each other.
      for (String id : ids.stream().sorted().toList()) {
        if (purge(id, deletedBefore)) {
          purged.add(id);
        }
      }
      // All of them may have been restored meanwhile, while others are left.
    } while (purged.isEmpty() && !ids.isEmpty());
    if (purged.isEmpty()) {
      removeUnusedEnvironments();
    }
    return purged;
  }

  private void removeUnusedEnvironments() throws SQLException {
    tx.lock(ENVIRONMENTS);
    List<String> unused =
        tx.query(
            "SELECT digest FROM run_environment EXCEPT SELECT environment FROM run"
                + " EXCEPT SELECT environment FROM run_resume",
            row -> row.getString(1));
    for (String digest : unused) {
      tx.update("DELETE FROM run_environment WHERE digest = ?", digest);
    }
  }

  /** Whether it was still there, and deleted, once nobody else could change it. */
  private boolean purge(String id, Instant deletedBefore) throws SQLException {
    tx.lock("run " + id);
    List<Long> numbers =
        tx.query(
            "SELECT no FROM run WHERE id = ? AND deleted_at < ?",
            row -> row.getLong(1),
            id,
            Timestamps.toMicros(deletedBefore));
    for (long no : numbers) {
      for (String statement : STATEMENTS) {
        tx.update(statement, no);
      }
    }
    return !numbers.isEmpty();
  }
}
