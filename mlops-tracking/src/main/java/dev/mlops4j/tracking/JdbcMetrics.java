package dev.mlops4j.tracking;

import dev.mlops4j.data.Timestamps;
import dev.mlops4j.storage.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Points of a run's metrics, to be appended; the caller holds the run's lock. */
final class JdbcMetrics {

  private final Map<String, List<MetricPoint>> byKey;

  private JdbcMetrics(Map<String, List<MetricPoint>> byKey) {
    this.byKey = byKey;
  }

  static JdbcMetrics of(List<MetricPoint> points) {
    Map<String, List<MetricPoint>> byKey = new LinkedHashMap<>();
    for (MetricPoint point : points) {
      byKey.computeIfAbsent(point.key(), key -> new ArrayList<>()).add(point);
    }
    return new JdbcMetrics(byKey);
  }

  Set<String> keys() {
    return byKey.keySet();
  }

  void append(Transaction tx, long run) throws SQLException {
    for (Map.Entry<String, List<MetricPoint>> series : byKey.entrySet()) {
      append(tx, run, series.getKey(), series.getValue());
    }
  }

  /** Notes that a writer's points are stored with this transaction; gives how many were before. */
  static int note(Transaction tx, long run, MetricBatch batch) throws SQLException {
    long taken =
        tx.first(
                "SELECT taken FROM run_metric_writer WHERE run_no = ? AND writer = ?",
                row -> row.getLong(1),
                run,
                batch.writer())
            .orElse(0L);
    if (taken < batch.end()) {
      tx.update(
          "INSERT INTO run_metric_writer (run_no, writer, taken) VALUES (?, ?, ?)"
              + " ON CONFLICT (run_no, writer) DO UPDATE SET taken = excluded.taken",
          run,
          batch.writer(),
          batch.end());
    }
    return (int) Math.max(0, Math.min(taken, batch.end()) - batch.first());
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
    long end = position + points.size();
    long metric = series == null ? add(tx, run, latest, end) : series.no;
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
    if (series != null) {
      tx.update(
          "UPDATE metric SET points = ?, latest_step = ?, latest_at = ?, latest_value = ?"
              + " WHERE no = ?",
          end,
          latest.step(),
          Timestamps.toMicros(latest.time()),
          stored(latest),
          metric);
    }
  }

  private static long add(Transaction tx, long run, MetricPoint latest, long points)
      throws SQLException {
    return tx.insertReturningId(
        "INSERT INTO metric (run_no, metric, points, latest_step, latest_at, latest_value)"
            + " VALUES (?, ?, ?, ?, ?, ?) RETURNING no",
        run,
        latest.key(),
        points,
        latest.step(),
        Timestamps.toMicros(latest.time()),
        stored(latest));
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
