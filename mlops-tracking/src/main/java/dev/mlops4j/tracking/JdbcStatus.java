package dev.mlops4j.tracking;

import dev.mlops4j.data.Timestamps;
import dev.mlops4j.storage.RowVisitor;
import dev.mlops4j.storage.Transaction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** How a run stands as it is shown, as SQL on a row {@code r} of the table of runs. */
final class JdbcStatus {

  private JdbcStatus() {}

  /**
   * The expression: what is stored, but ABANDONED where a RUNNING run was not seen or its process
   * is gone. Asks for all runs that seem to live.
   */
  static JdbcFragment read(Transaction tx, Liveness liveness) throws SQLException {
    long since = Timestamps.toMicros(liveness.aliveSince());
    List<Long> gone = new ArrayList<>();
    RowVisitor each =
        row -> {
          if (liveness.isGone(JdbcRunReader.process(row))) {
            gone.add(row.getLong("no"));
          }
          return true;
        };
    tx.scan(
        "SELECT no, host, process_space, pid, process_started FROM run"
            + " WHERE status = 'RUNNING' AND seen_at >= ?",
        each,
        since);
    JdbcFragment abandoned = JdbcFragment.of("r.seen_at < ?", since);
    if (!gone.isEmpty()) {
      abandoned = abandoned.then(" OR r.no IN (").then(JdbcFragment.list(gone)).then(")");
    }
    return JdbcFragment.of("CASE WHEN r.status = 'RUNNING' AND (")
        .then(abandoned)
        .then(") THEN 'ABANDONED' WHEN r.killed = 1 THEN 'KILLED' ELSE r.status END");
  }
}
