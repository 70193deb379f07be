package dev.mlops4j.tracking;

import dev.mlops4j.data.Timestamps;
import dev.mlops4j.storage.Transaction;
import dev.mlops4j.workspace.ProcessIdentity;
import java.sql.SQLException;
import java.util.List;

/** How a run stands as it is shown, as SQL on a row {@code r} of the table of runs. */
final class JdbcStatus {

  private JdbcStatus() {}

  /**
   * The expression: what is stored, but ABANDONED where a RUNNING run was not seen or its process
   * is gone. Asks for the processes of all runs that seem to live.
   */
  static JdbcFragment read(Transaction tx, Liveness liveness) throws SQLException {
    long since = Timestamps.toMicros(liveness.aliveSince());
    List<ProcessIdentity> processes =
        tx.query(
            "SELECT DISTINCT host, process_space, pid, process_started FROM run"
                + " WHERE status = 'RUNNING' AND seen_at >= ?",
            JdbcRunReader::process,
            since);
    JdbcFragment abandoned = JdbcFragment.of("r.seen_at < ?", since);
    for (ProcessIdentity process : processes) {
      if (liveness.isGone(process)) {
        abandoned =
            abandoned.then(
                " OR (r.host = ? AND r.process_space = ? AND r.pid = ? AND r.process_started = ?)",
                process.host(),
                process.space(),
                process.pid(),
                process.started());
      }
    }
    return JdbcFragment.of("CASE WHEN r.status = 'RUNNING' AND (")
        .then(abandoned)
        .then(") THEN 'ABANDONED' ELSE r.status END");
  }
}
