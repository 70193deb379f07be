package dev.mlops4j.tracking;

import dev.mlops4j.data.Timestamps;
import dev.mlops4j.storage.Dialect;
import dev.mlops4j.storage.Transaction;
import dev.mlops4j.workspace.ProcessIdentity;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Ends a run and lets it go on; the caller holds the run's lock. */
final class JdbcRunEnd {

  private final Transaction tx;
  private final Dialect dialect;

  JdbcRunEnd(Transaction tx, Dialect dialect) {
    this.tx = tx;
    this.dialect = dialect;
  }

  void end(long run, RunStatus status, Instant at, @Nullable String failure) throws SQLException {
    boolean killed = status == RunStatus.KILLED;
    tx.update(
        "UPDATE run SET status = ?, killed = ?, seen_at = ?, ended_at = ?, failure = ? WHERE no = ?",
        (killed ? RunStatus.FAILED : status).name(),
        killed ? 1L : null,
        Timestamps.toMicros(at),
        Timestamps.toMicros(at),
        dialect.legible(failure),
        run);
  }

  /** How often it has been resumed. */
  int resumes(long run) throws SQLException {
    return tx.first("SELECT count(*) FROM run_resume WHERE run_no = ?", row -> row.getInt(1), run)
        .orElse(0);
  }

  void resume(long run, int resumes, ProcessIdentity process, RunResume resume, String environment)
      throws SQLException {
    tx.update(
        "INSERT INTO run_resume (run_no, position, at, status, failure, environment)"
            + " VALUES (?, ?, ?, ?, ?, ?)",
        run,
        resumes,
        Timestamps.toMicros(resume.at()),
        resume.before().name(),
        dialect.legible(resume.failure()),
        environment);
    tx.update(
        "UPDATE run SET status = ?, killed = NULL, seen_at = ?, ended_at = NULL, failure = NULL,"
            + " host = ?, process_space = ?, pid = ?, process_started = ? WHERE no = ?",
        RunStatus.RUNNING.name(),
        Timestamps.toMicros(resume.at()),
        process.host(),
        process.space(),
        process.pid(),
        process.started(),
        run);
  }
}
