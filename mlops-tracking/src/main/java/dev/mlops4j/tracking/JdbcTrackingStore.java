package dev.mlops4j.tracking;

import dev.mlops4j.Digest;
import dev.mlops4j.data.Timestamps;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.storage.Database;
import dev.mlops4j.storage.Transaction;
import dev.mlops4j.workspace.ProcessIdentity;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Runs in a relational database. Its tables are made at the first use. */
public final class JdbcTrackingStore implements TrackingStore {

  private final Database database;
  private volatile @Nullable KnownEnvironment lastEnvironment;
  private final int few;

  /** A store in this database, which stays the caller's to close. */
  public JdbcTrackingStore(Database database) {
    this(database, JdbcSearchSource.FEW);
  }

  /** With another number of runs that a search looks at one by one. */
  JdbcTrackingStore(Database database, int few) {
    this.few = few;
    this.database = database.withSchema(JdbcTrackingSchema.COMPONENT, JdbcTrackingSchema.STEPS);
  }

  @Override
  public void create(RunStart start, Map<String, String> params, Map<String, String> tags) {
    String environment = digest(start.environment());
    write(
        tx -> {
          if (start.parentId() != null) {
            JdbcRunFamily.locked(tx).requireParent(start.parentId());
          }
          long run =
              tx.insertReturningId(
                  "INSERT INTO run (id, experiment, name, status, started_at, seen_at, host,"
                      + " process_space, pid, process_started, environment, parent_id)"
                      + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING no",
                  start.id(),
                  start.experiment(),
                  start.name(),
                  RunStatus.RUNNING.name(),
                  Timestamps.toMicros(start.startedAt()),
                  Timestamps.toMicros(start.startedAt()),
                  start.process().host(),
                  start.process().space(),
                  start.process().pid(),
                  start.process().started(),
                  addEnvironment(tx, start.environment(), environment),
                  start.parentId());
          JdbcRunRows rows = new JdbcRunRows(tx, start.id(), run);
          rows.addParams(params);
          rows.setTags(tags);
        });
  }

  @Override
  public void create(RunStart start) {
    create(start, Map.of(), Map.of());
  }

  @Override
  public void addParams(String runId, Map<String, String> params) {
    write(
        tx -> {
          long run = open(tx, runId, "params " + params.keySet());
          new JdbcRunRows(tx, runId, run).addParams(params);
        });
  }

  @Override
  public void addMetrics(String runId, List<MetricPoint> points) {
    JdbcMetrics metrics = JdbcMetrics.of(points);
    write(tx -> metrics.append(tx, open(tx, runId, "metrics " + metrics.keys())));
  }

  @Override
  public void addMetrics(String runId, MetricBatch batch) {
    JdbcMetrics metrics = JdbcMetrics.of(batch.points());
    write(
        tx -> {
          long run = open(tx, runId, "metrics " + metrics.keys());
          int known = JdbcMetrics.note(tx, run, batch);
          List<MetricPoint> missing = batch.points().subList(known, batch.points().size());
          (known == 0 ? metrics : JdbcMetrics.of(missing)).append(tx, run);
        });
  }

  @Override
  public void setTags(String runId, Map<String, String> tags) {
    write(
        tx -> {
          long run = requireRun(tx, runId).no;
          new JdbcRunRows(tx, runId, run).setTags(tags);
        });
  }

  @Override
  public void removeTag(String runId, String tag) {
    database.write(
        tx ->
            tx.update(
                "DELETE FROM run_tag WHERE run_no = ? AND tag = ?", requireRun(tx, runId).no, tag));
  }

  @Override
  public void setNotes(String runId, String notes) {
    database.write(
        tx ->
            tx.update(
                "UPDATE run SET notes = ? WHERE no = ?",
                notes.isEmpty() ? null : notes,
                requireRun(tx, runId).no));
  }

  @Override
  public void addDatasets(String runId, List<DatasetReference> datasets) {
    write(
        tx -> {
          long run = open(tx, runId, "datasets");
          new JdbcRunRows(tx, runId, run).addDatasets(datasets);
        });
  }

  @Override
  public void putArtifacts(String runId, List<RunArtifact> artifacts) {
    write(
        tx -> {
          List<String> paths = artifacts.stream().map(RunArtifact::path).toList();
          long run = open(tx, runId, "artifacts " + paths);
          new JdbcRunRows(tx, runId, run).putArtifacts(artifacts);
        });
  }

  @Override
  public void heartbeat(Map<String, Integer> resumes, Instant at) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    // In one order, so that two processes never wait for each other.
    new TreeMap<>(resumes)
        .forEach(
            (id, count) ->
                rows.add(
                    new Object[] {Timestamps.toMicros(at), id, RunStatus.RUNNING.name(), count}));
    database.write(
        tx ->
            tx.batch(
                "UPDATE run SET seen_at = ? WHERE id = ? AND status = ?"
                    + " AND (SELECT count(*) FROM run_resume WHERE run_no = run.no) = ?",
                rows));
  }

  @Override
  public void end(String runId, int resumes, RunEnd end) {
    write(
        tx -> {
          long run = open(tx, runId, "its end");
          JdbcRunEnd rows = new JdbcRunEnd(tx, database.dialect());
          if (rows.resumes(run) != resumes) {
            throw new RunTakenOverException(runId);
          }
          JdbcRunRows all = new JdbcRunRows(tx, runId, run);
          all.addParams(end.params());
          all.setTags(end.tags());
          all.putArtifacts(end.artifacts());
          all.addMetrics(end.points());
          rows.end(run, end.status(), end.at(), end.failure());
        });
  }

  @Override
  public boolean resume(
      String runId, RunStatus stored, int resumes, ProcessIdentity process, RunResume resume) {
    return database.write(
        tx -> {
          tx.lock("run " + runId);
          Found found = requireRun(tx, runId);
          JdbcRunEnd end = new JdbcRunEnd(tx, database.dialect());
          if (found.deleted) {
            throw new DeletedRunException(runId, "to go on");
          }
          boolean expected = found.status == stored && end.resumes(found.no) == resumes;
          if (expected) {
            String environment =
                addEnvironment(tx, resume.environment(), digest(resume.environment()));
            end.resume(found.no, resumes, process, resume, environment);
          }
          return expected;
        });
  }

  @Override
  public void add(List<EndedRun> runs) {
    write(tx -> new JdbcRunImport(tx, database.dialect()).add(runs));
  }

  @Override
  public Optional<RunRecord> find(String runId) {
    return database.read(tx -> new JdbcRunReader(tx, "run.id = ?", runId).runs()).stream()
        .findFirst();
  }

  @Override
  public List<RunRecord> runs(String experiment) {
    return database.read(
        tx ->
            new JdbcRunReader(tx, "run.experiment = ? AND run.deleted_at IS NULL", experiment)
                .runs());
  }

  @Override
  public List<String> experiments() {
    return database.read(
        tx ->
            tx
                .query(
                    "SELECT DISTINCT experiment FROM run WHERE deleted_at IS NULL",
                    row -> row.getString(1))
                .stream()
                .sorted()
                .toList());
  }

  @Override
  public SortedMap<String, Long> runCounts() {
    SortedMap<String, Long> counts = new TreeMap<>();
    database.read(
        tx -> {
          tx.scan(
              "SELECT experiment, count(*) FROM run WHERE deleted_at IS NULL GROUP BY experiment",
              row -> {
                counts.put(row.getString(1), row.getLong(2));
                return true;
              });
          return true;
        });
    return counts;
  }

  @Override
  public List<MadeArtifact> madeArtifacts() {
    Map<String, MadeArtifact> made = new LinkedHashMap<>();
    database.read(
        tx -> {
          tx.scan(
              "SELECT run.id, d.path, d.kind, d.digest, d.bytes FROM run_artifact d"
                  + " JOIN run ON run.no = d.run_no",
              row -> {
                RunArtifact artifact = JdbcRunReader.artifact(row);
                made.putIfAbsent(
                    artifact.kind() + artifact.digest().hex(),
                    new MadeArtifact(row.getString("id"), artifact));
                return true;
              });
          return true;
        });
    return List.copyOf(made.values());
  }

  @Override
  public RunPage search(RunQuery query) {
    return database.read(tx -> new JdbcRunSearch(tx, database.dialect(), query, few).page());
  }

  @Override
  public void delete(List<String> runIds, Instant at, Liveness liveness) {
    write(
        tx -> {
          JdbcRunFamily family = JdbcRunFamily.locked(tx);
          for (String id : runIds) {
            family.delete(id, at, liveness);
          }
        });
  }

  @Override
  public void restore(List<String> runIds) {
    write(tx -> JdbcRunFamily.locked(tx).restore(runIds));
  }

  @Override
  public List<String> purge(Instant deletedBefore, int most) {
    return database.write(tx -> new JdbcRunPurge(tx).purge(deletedBefore, most));
  }

  @Override
  public List<MetricPoint> series(String runId, String key) {
    return database.read(
        tx -> {
          requireRun(tx, runId);
          return tx.query(
              "SELECT p.step, p.at, p.value FROM metric_point p"
                  + " JOIN metric m ON m.no = p.metric_no JOIN run r ON r.no = m.run_no"
                  + " WHERE r.id = ? AND m.metric = ? ORDER BY p.step, p.at, p.position",
              row -> JdbcRunReader.point(key, row),
              runId,
              key);
        });
  }

  /**
   * The number of a run that takes something. Until the transaction ends nobody else changes the
   * run: nothing is added after its end, a param keeps its first value, and the points of a metric
   * are numbered one after the other.
   */
  private static long open(Transaction tx, String runId, String asked) throws SQLException {
    tx.lock("run " + runId);
    Found found = requireRun(tx, runId);
    if (found.status != RunStatus.RUNNING) {
      throw new RunEndedException(runId, found.status, asked);
    }
    return found.no;
  }

  private static Found requireRun(Transaction tx, String runId) throws SQLException {
    return tx.first(
            "SELECT no, status, killed, deleted_at FROM run WHERE id = ?",
            row ->
                new Found(
                    row.getLong("no"),
                    JdbcRunReader.status(row),
                    row.getObject("deleted_at") != null),
            runId)
        .orElseThrow(() -> new NoSuchRunException(runId));
  }

  /** Runs of one process share their environment, class path and all. */
  private String digest(SortedMap<String, String> environment) {
    KnownEnvironment last = lastEnvironment;
    if (last == null || !last.entries.equals(environment)) {
      last = new KnownEnvironment(environment, environmentDigest(environment));
      lastEnvironment = last;
    }
    return last.digest;
  }

  private static String environmentDigest(SortedMap<String, String> environment) {
    StringBuilder text = new StringBuilder();
    environment.forEach(
        (key, value) -> {
          for (String part : List.of(key, value)) {
            text.append(part.length()).append(':').append(part);
          }
        });
    return Digest.of(text.toString()).hex();
  }

  /** Adds an environment, unless it is there; gives its digest. */
  static String addEnvironment(Transaction tx, SortedMap<String, String> environment)
      throws SQLException {
    return addEnvironment(tx, environment, environmentDigest(environment));
  }

  private static String addEnvironment(
      Transaction tx, SortedMap<String, String> environment, String digest) throws SQLException {
    tx.lockShared(JdbcRunPurge.ENVIRONMENTS);
    boolean known =
        tx.first("SELECT 1 FROM run_environment WHERE digest = ?", row -> true, digest).isPresent();
    if (!known) {
      List<@Nullable Object[]> rows = new ArrayList<>();
      environment.forEach((key, value) -> rows.add(new Object[] {digest, key, value}));
      // Another process may be storing the same.
      tx.batch(
          "INSERT INTO run_environment (digest, entry, value) VALUES (?, ?, ?)"
              + " ON CONFLICT (digest, entry) DO NOTHING",
          rows);
    }
    return digest;
  }

  private void write(Change change) {
    database.write(
        tx -> {
          change.make(tx);
          return true;
        });
  }

  /** Statements that give nothing back. */
  @FunctionalInterface
  private interface Change {
    void make(Transaction tx) throws SQLException;
  }

  private record KnownEnvironment(SortedMap<String, String> entries, String digest) {}

  private record Found(long no, RunStatus status, boolean deleted) {}
}
