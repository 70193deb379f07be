package dev.mlops4j.tracking;

import dev.mlops4j.data.Timestamps;
import dev.mlops4j.storage.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    for (Map.Entry<String, String> param : params.entrySet()) {
      addParam(param.getKey(), param.getValue());
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

  void addMetrics(List<MetricPoint> points) throws SQLException {
    Map<String, List<MetricPoint>> byKey = new LinkedHashMap<>();
    for (MetricPoint point : points) {
      byKey.computeIfAbsent(point.key(), key -> new ArrayList<>()).add(point);
    }
    for (Map.Entry<String, List<MetricPoint>> series : byKey.entrySet()) {
      append(tx, run, series.getKey(), series.getValue());
    }
  }

  private void addParam(String key, String value) throws SQLException {
    Optional<String> stored =
        tx.first(
            "SELECT value FROM run_param WHERE run_no = ? AND param = ?",
            row -> row.getString(1),
            run,
            key);
    if (stored.isEmpty()) {
      tx.update("INSERT INTO run_param (run_no, param, value) VALUES (?, ?, ?)", run, key, value);
    } else if (!stored.get().equals(value)) {
      throw new ParamConflictException(runId, key, stored.get(), value);
    }
  }

  /** Adds the points of one key and keeps the latest beside them, so that it need not be sought. */
  static void append(Transaction tx, long run, String key, List<MetricPoint> points)
      throws SQLException {
    Series series =
        tx.first(
                "SELECT no, points, latest_step, latest_at, latest_value FROM metric"
                    + " WHERE run_no = ? AND metric = ?",
                row -> Series.read(key, row),
                run,
                key)
            .orElse(null);
    MetricPoint latest = series == null ? points.get(0) : series.latest;
    for (MetricPoint point : points) {
      latest = point.isLatestAfter(latest) ? point : latest;
    }
    long position = series == null ? 0 : series.points;
    long metric = series == null ? addMetric(tx, run, key, latest) : series.no;
    List<@Nullable Object[]> rows = new ArrayList<>(points.size());
    for (MetricPoint point : points) {
      rows.add(
          new @Nullable Object[] {
            metric, position++, point.step(), Timestamps.toMicros(point.time()), stored(point)
          });
    }
    tx.batch(
        "INSERT INTO metric_point (metric_no, position, step, at, value) VALUES (?, ?, ?, ?, ?)",
        rows);
    tx.update(
        "UPDATE metric SET points = ?, latest_step = ?, latest_at = ?, latest_value = ?"
            + " WHERE no = ?",
        position,
        latest.step(),
        Timestamps.toMicros(latest.time()),
        stored(latest),
        metric);
  }

  private static long addMetric(Transaction tx, long run, String key, MetricPoint latest)
      throws SQLException {
    return tx.insertReturningId(
        "INSERT INTO metric (run_no, metric, points, latest_step, latest_at)"
            + " VALUES (?, ?, 0, ?, ?) RETURNING no",
        run,
        key,
        latest.step(),
        Timestamps.toMicros(latest.time()));
  }

  private static @Nullable Double stored(MetricPoint point) {
    return Double.isNaN(point.value()) ? null : point.value();
  }

  private record Series(long no, long points, MetricPoint latest) {

    static Series read(String key, ResultSet row) throws SQLException {
      return new Series(row.getLong("no"), row.getLong("points"), JdbcRunReader.latest(key, row));
    }
  }
}
