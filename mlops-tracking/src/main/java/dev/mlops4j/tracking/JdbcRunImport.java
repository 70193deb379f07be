package dev.mlops4j.tracking;

import dev.mlops4j.data.Timestamps;
import dev.mlops4j.storage.Dialect;
import dev.mlops4j.storage.Transaction;
import dev.mlops4j.workspace.ArchiveException;
import dev.mlops4j.workspace.ProcessIdentity;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** Adds whole runs, within one transaction. */
final class JdbcRunImport {

  private final Transaction tx;
  private final Dialect dialect;

  /** Those that are there; the parts of one run have the same, class path and all. */
  private final Map<SortedMap<String, String>, String> environments = new HashMap<>();

  JdbcRunImport(Transaction tx, Dialect dialect) {
    this.tx = tx;
    this.dialect = dialect;
  }

  void add(List<EndedRun> runs) throws SQLException {
    JdbcRunFamily families = JdbcRunFamily.locked(tx);
    // In one order, so that two processes never wait for each other.
    List<EndedRun> ordered =
        runs.stream().sorted(Comparator.comparing((EndedRun run) -> run.run().id())).toList();
    for (EndedRun run : ordered) {
      String id = run.run().id();
      tx.lock("run " + id);
      if (tx.first("SELECT 1 FROM run WHERE id = ?", row -> true, id).isPresent()) {
        throw new RunExistsException(id);
      }
    }
    for (EndedRun run : runs) {
      families.requireNotDeletedIfThere(run.run().parentId());
      add(run);
    }
  }

  private void add(EndedRun ended) throws SQLException {
    RunRecord run = ended.run();
    long no = addRun(run);
    tx.batch(
        "INSERT INTO run_param (run_no, param, value) VALUES (?, ?, ?)",
        run.params().entrySet().stream()
            .map(param -> new Object[] {no, param.getKey(), param.getValue()})
            .toList());
    tx.batch(
        "INSERT INTO run_tag (run_no, tag, value) VALUES (?, ?, ?)",
        run.tags().entrySet().stream()
            .map(tag -> new Object[] {no, tag.getKey(), tag.getValue()})
            .toList());
    new JdbcRunRows(tx, run.id(), no).addDatasets(run.datasets());
    tx.batch(
        "INSERT INTO run_artifact (run_no, path, kind, digest, bytes) VALUES (?, ?, ?, ?, ?)",
        run.artifacts().values().stream()
            .map(
                artifact ->
                    new Object[] {
                      no,
                      artifact.path(),
                      artifact.kind().name(),
                      artifact.digest().hex(),
                      artifact.bytes()
                    })
            .toList());
    addResumes(no, run);
    try {
      ended
          .points()
          .<SQLException>read(points -> JdbcMetrics.append(tx, no, points.get(0).key(), points));
    } catch (IOException e) {
      throw new ArchiveException(
          "the metrics of run " + run.id() + " cannot be read (" + e + ")", e);
    }
  }

  private void addResumes(long no, RunRecord run) throws SQLException {
    for (int i = 0; i < run.resumes().size(); i++) {
      RunResume resume = run.resumes().get(i);
      tx.update(
          "INSERT INTO run_resume (run_no, position, at, status, failure, environment)"
              + " VALUES (?, ?, ?, ?, ?, ?)",
          no,
          i,
          Timestamps.toMicros(resume.at()),
          resume.before().name(),
          dialect.legible(resume.failure()),
          environment(resume.environment()));
    }
  }

  private long addRun(RunRecord run) throws SQLException {
    ProcessIdentity process = run.start().process();
    boolean killed = run.status() == RunStatus.KILLED;
    return tx.insertReturningId(
        "INSERT INTO run (id, experiment, name, status, killed, started_at, seen_at, ended_at,"
            + " failure, host, process_space, pid, process_started, parent_id, notes, environment)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING no",
        run.id(),
        run.experiment(),
        run.name(),
        (killed ? RunStatus.FAILED : run.status()).name(),
        killed ? 1L : null,
        Timestamps.toMicros(run.startedAt()),
        Timestamps.toMicros(run.seenAt()),
        run.endedAt() == null ? null : Timestamps.toMicros(run.endedAt()),
        dialect.legible(run.failure()),
        process.host(),
        process.space(),
        process.pid(),
        process.started(),
        run.start().parentId(),
        run.notes().isEmpty() ? null : run.notes(),
        environment(run.environment()));
  }

  private String environment(SortedMap<String, String> environment) throws SQLException {
    String known = environments.get(environment);
    if (known == null) {
      known = JdbcTrackingStore.addEnvironment(tx, environment);
      environments.put(environment, known);
    }
    return known;
  }
}
