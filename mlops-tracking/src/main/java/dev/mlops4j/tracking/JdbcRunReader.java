package dev.mlops4j.tracking;

import dev.mlops4j.Digest;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.Timestamps;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.storage.RowVisitor;
import dev.mlops4j.storage.Transaction;
import dev.mlops4j.workspace.ProcessIdentity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads the runs for which a condition holds, with one statement a table, whatever their number.
 */
final class JdbcRunReader {

  private final Transaction tx;
  private final String condition;
  private final Object[] arguments;
  private final Map<Long, Details> details = new HashMap<>();
  private final Map<String, Schema> schemas = new HashMap<>();

  /**
   * Prepares to read.
   *
   * @param condition on the columns of {@code run}
   */
  JdbcRunReader(Transaction tx, String condition, Object... arguments) {
    this.tx = tx;
    this.condition = condition;
    this.arguments = arguments;
  }

  /** Prepares to read the runs of these numbers. */
  static JdbcRunReader ofNumbers(Transaction tx, List<Long> numbers) {
    JdbcFragment list = JdbcFragment.list(numbers);
    return new JdbcRunReader(tx, "run.no IN (" + list.sql() + ")", list.args().toArray());
  }

  /** The runs, the latest started first. */
  List<RunRecord> runs() throws SQLException {
    return List.copyOf(byNumber().values());
  }

  /** The runs by their numbers, the latest started first. */
  Map<Long, RunRecord> byNumber() throws SQLException {
    readDetails();
    Map<String, SortedMap<String, String>> environments = environments();
    Map<Long, RunRecord> runs = new LinkedHashMap<>();
    visit(
        "SELECT run.* FROM run WHERE " + condition + " ORDER BY started_at DESC, no DESC",
        row -> runs.put(row.getLong("no"), run(row, environments)));
    return runs;
  }

  /** The process in the columns of a run. */
  static ProcessIdentity process(ResultSet row) throws SQLException {
    return new ProcessIdentity(
        row.getString("host"),
        row.getString("process_space"),
        row.getLong("pid"),
        row.getString("process_started"));
  }

  /** How the run in these columns stands; see {@link JdbcTrackingSchema}. */
  static RunStatus status(ResultSet row) throws SQLException {
    return row.getLong("killed") == 1
        ? RunStatus.KILLED
        : RunStatus.valueOf(row.getString("status"));
  }

  /** The artifact in the columns of a run's. */
  static RunArtifact artifact(ResultSet row) throws SQLException {
    return new RunArtifact(
        row.getString("path"),
        RunArtifact.Kind.valueOf(row.getString("kind")),
        new Digest(row.getString("digest")),
        row.getLong("bytes"));
  }

  /** The point in the columns {@code step}, {@code at} and {@code value}; a null is NaN. */
  static MetricPoint point(String key, ResultSet row) throws SQLException {
    return point(key, row, "step", "at", "value");
  }

  /** The point that is kept as the latest of a metric. */
  static MetricPoint latest(String key, ResultSet row) throws SQLException {
    return point(key, row, "latest_step", "latest_at", "latest_value");
  }

  private void readDetails() throws SQLException {
    scan(
        "run_param",
        row -> details(row).params.put(row.getString("param"), row.getString("value")));
    scan("run_tag", row -> details(row).tags.put(row.getString("tag"), row.getString("value")));
    scan(
        "metric",
        row -> {
          String key = row.getString("metric");
          details(row).metrics.put(key, latest(key, row));
        });
    scan("run_artifact", row -> details(row).artifacts.put(row.getString("path"), artifact(row)));
    scan(
        "run_dataset",
        row ->
            details(row)
                .datasets
                .put(
                    row.getLong("no"),
                    new DatasetReference(
                        row.getString("name"),
                        row.getString("role"),
                        new Digest(row.getString("digest")),
                        row.getLong("row_count"),
                        schema(row.getString("schema_json")),
                        Objects.requireNonNullElse(row.getString("source"), ""))));
    scan(
        "run_resume",
        row ->
            details(row)
                .resumes
                .put(
                    row.getLong("position"),
                    new Resumed(
                        instant(row, "at"),
                        RunStatus.valueOf(row.getString("status")),
                        row.getString("failure"),
                        row.getString("environment"))));
  }

  private Map<String, SortedMap<String, String>> environments() throws SQLException {
    Map<String, SortedMap<String, String>> environments = new LinkedHashMap<>();
    RowVisitor each =
        row -> {
          environments
              .computeIfAbsent(row.getString("digest"), digest -> new TreeMap<>())
              .put(row.getString("entry"), row.getString("value"));
          return true;
        };
    String sql = "SELECT e.digest, e.entry, e.value FROM run_environment e WHERE e.digest IN (";
    tx.scan(sql + "SELECT environment FROM run WHERE " + condition + ")", each, arguments);
    List<String> later =
        details.values().stream()
            .flatMap(own -> own.resumes.values().stream())
            .map(Resumed::environment)
            .filter(digest -> !environments.containsKey(digest))
            .distinct()
            .toList();
    if (!later.isEmpty()) {
      JdbcFragment list = JdbcFragment.of(sql).then(JdbcFragment.list(later)).then(")");
      tx.scan(list.sql(), each, list.args().toArray());
    }
    return environments;
  }

  /** Most runs of an experiment have the same. */
  private @Nullable Schema schema(@Nullable String json) {
    return json == null ? null : schemas.computeIfAbsent(json, Schema::ofJson);
  }

  private void scan(String table, Visit visit) throws SQLException {
    visit(
        "SELECT d.* FROM " + table + " d JOIN run ON run.no = d.run_no WHERE " + condition, visit);
  }

  private void visit(String sql, Visit visit) throws SQLException {
    RowVisitor all =
        row -> {
          visit.see(row);
          return true;
        };
    tx.scan(sql, all, arguments);
  }

  private Details details(ResultSet row) throws SQLException {
    return details.computeIfAbsent(row.getLong("run_no"), no -> new Details());
  }

  private RunRecord run(ResultSet row, Map<String, SortedMap<String, String>> environments)
      throws SQLException {
    Details own = details.getOrDefault(row.getLong("no"), new Details());
    RunStart start =
        new RunStart(
            row.getString("id"),
            row.getString("experiment"),
            row.getString("name"),
            instant(row, "started_at"),
            process(row),
            environments.getOrDefault(row.getString("environment"), new TreeMap<>()),
            row.getString("parent_id"));
    List<RunResume> resumes =
        own.resumes.values().stream().map(resume -> resume.in(environments)).toList();
    String notes = row.getString("notes");
    return new RunRecord(
        start,
        status(row),
        instant(row, "seen_at"),
        optional(row, "ended_at"),
        row.getString("failure"),
        optional(row, "deleted_at"),
        own.params,
        own.metrics,
        own.tags,
        new ArrayList<>(own.datasets.values()),
        own.artifacts,
        notes == null ? "" : notes,
        resumes);
  }

  private static MetricPoint point(String key, ResultSet row, String step, String at, String value)
      throws SQLException {
    double number = row.getDouble(value);
    return new MetricPoint(
        key,
        row.getLong(step),
        instant(row, at),
        row.getObject(value) == null ? Double.NaN : number);
  }

  private static Instant instant(ResultSet row, String column) throws SQLException {
    return Timestamps.fromMicros(row.getLong(column));
  }

  private static @Nullable Instant optional(ResultSet row, String column) throws SQLException {
    Instant time = instant(row, column);
    return row.wasNull() ? null : time;
  }

  /** Sees a row. */
  @FunctionalInterface
  private interface Visit {
    void see(ResultSet row) throws SQLException;
  }

  /** What belongs to one run. */
  private static final class Details {
    final SortedMap<String, String> params = new TreeMap<>();
    final SortedMap<String, MetricPoint> metrics = new TreeMap<>();
    final SortedMap<String, String> tags = new TreeMap<>();
    final SortedMap<Long, DatasetReference> datasets = new TreeMap<>();
    final SortedMap<String, RunArtifact> artifacts = new TreeMap<>();
    final SortedMap<Long, Resumed> resumes = new TreeMap<>();
  }

  /** A resume before its environment is known. */
  private record Resumed(
      Instant at, RunStatus before, @Nullable String failure, String environment) {

    RunResume in(Map<String, SortedMap<String, String>> environments) {
      return new RunResume(
          at, before, failure, environments.getOrDefault(environment, new TreeMap<>()));
    }
  }
}
