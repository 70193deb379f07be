package dev.mlops4j.benchmarks.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mlops4j.benchmarks.DisagreementException;
import dev.mlops4j.tracking.MetricPoint;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.Tracking;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a side has stored of a run.
 *
 * @param metrics the latest value of each metric
 * @param points how many points each metric has
 * @param sums of each metric the sum of its values, each times its step and one; exact, as the
 *     values are eighths
 */
record Written(
    String status,
    Map<String, String> params,
    Map<String, Double> metrics,
    Map<String, Long> points,
    Map<String, Double> sums) {

  private static final int PARAMS = 3;
  private static final int METRICS = 2;
  private static final int VALUES = 1024;
  private static final double SCALE = 8;

  /** The value of a point, as the peer has it. */
  static double number(long i) {
    return i % VALUES / SCALE;
  }

  /** The params of run {@code i}. */
  static Map<String, String> params(int i) {
    Map<String, String> params = new TreeMap<>();
    for (int k = 0; k < PARAMS; k++) {
      params.put("p" + k, String.valueOf(i + k));
    }
    return params;
  }

  /** The metrics of run {@code i}, each of one point at step 0. */
  static Map<String, Double> metrics(int i) {
    Map<String, Double> metrics = new TreeMap<>();
    for (int k = 0; k < METRICS; k++) {
      metrics.put("m" + k, number(i + (long) k));
    }
    return metrics;
  }

  /** What a run of so many points over so many keys must be, which has not ended. */
  static Written series(long count, int keys) {
    Map<String, Double> metrics = new TreeMap<>();
    Map<String, Long> points = new TreeMap<>();
    Map<String, Double> sums = new TreeMap<>();
    for (long i = 0; i < count; i++) {
      String key = "m" + i % keys;
      metrics.put(key, number(i));
      points.merge(key, 1L, Long::sum);
      sums.merge(key, number(i) * (i + 1), Double::sum);
    }
    return new Written("RUNNING", Map.of(), metrics, points, sums);
  }

  /** What run {@code i} must be after its end. */
  static Written run(int i) {
    Map<String, Long> points = new TreeMap<>();
    metrics(i).keySet().forEach(key -> points.put(key, 1L));
    return new Written("FINISHED", params(i), metrics(i), points, metrics(i));
  }

  static Written ours(Tracking tracking, String id) {
    RunRecord run = tracking.run(id);
    Map<String, Double> metrics = new TreeMap<>();
    Map<String, Long> points = new TreeMap<>();
    Map<String, Double> sums = new TreeMap<>();
    for (Map.Entry<String, MetricPoint> metric : run.metrics().entrySet()) {
      String key = metric.getKey();
      metrics.put(key, metric.getValue().value());
      for (MetricPoint point : tracking.series(id, key)) {
        points.merge(key, 1L, Long::sum);
        sums.merge(key, point.value() * (point.step() + 1), Double::sum);
      }
    }
    return new Written(run.status().name(), run.params(), metrics, points, sums);
  }

  static Written peer(JsonNode run) {
    Map<String, String> params = new TreeMap<>();
    run.get("params").properties().forEach(e -> params.put(e.getKey(), e.getValue().asText()));
    Map<String, Long> points = new TreeMap<>();
    run.get("points").properties().forEach(e -> points.put(e.getKey(), e.getValue().asLong()));
    return new Written(
        run.get("status").asText(),
        params,
        doubles(run.get("metrics")),
        points,
        doubles(run.get("sums")));
  }

  private static Map<String, Double> doubles(JsonNode node) {
    Map<String, Double> doubles = new TreeMap<>();
    node.properties().forEach(e -> doubles.put(e.getKey(), e.getValue().asDouble()));
    return doubles;
  }

  void require(String side, Written expected) {
    if (!equals(expected)) {
      throw new DisagreementException(side + " has stored " + this + ", expected " + expected);
    }
  }
}
