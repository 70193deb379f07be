package dev.mlops4j.benchmarks.tracking;

import dev.mlops4j.storage.Database;
import dev.mlops4j.storage.Transaction;
import dev.mlops4j.tracking.JdbcTrackingStore;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs to be searched, of 5 params and 5 metrics each, the same ones each time. A tenth has {@code
 * depth = '3'} and an AUC over a half, a hundredth {@code width = '3'} and such an AUC.
 */
final class SearchRuns {

  static final String EXPERIMENT = "delay";

  private static final int KEYS = 5;
  private static final int DEPTHS = 5;
  private static final int WIDTHS = 50;
  private static final int OTHERS = 1_000;
  private static final int FAILED_OF = 100;
  private static final int AT_ONCE = 10_000;
  private static final long FIRST_AT = 1_700_000_000_000_000L;
  private static final long MICROS_APART = 1_000_000;

  /** The numbers of ours start here, as those below may be taken. */
  private static final long FIRST_NO = 10;

  private SearchRuns() {}

  /**
   * One run.
   *
   * @param params the numbers in the values of its params
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Values(int no, boolean failed, int[] params, double[] metrics) {

    String name() {
      return "run " + no;
    }

    double auc() {
      return metrics[0];
    }

    boolean isDepth(int depth) {
      return params[0] == depth;
    }

    boolean isWidth(int width) {
      return params[1] == width;
    }

    Map<String, String> paramsByKey() {
      Map<String, String> byKey = new TreeMap<>();
      for (int key = 0; key < KEYS; key++) {
        byKey.put(param(key), value(key, params[key]));
      }
      return byKey;
    }

    Map<String, Double> metricsByKey() {
      Map<String, Double> byKey = new TreeMap<>();
      for (int key = 0; key < KEYS; key++) {
        byKey.put(metric(key), metrics[key]);
      }
      return byKey;
    }
  }

  /** The first so many. */
  static List<Values> first(int count) {
    Random random = new Random(1);
    List<Values> runs = new ArrayList<>(count);
    for (int no = 0; no < count; no++) {
      boolean failed = random.nextInt(FAILED_OF) == 0;
      int[] params = new int[KEYS];
      double[] metrics = new double[KEYS];
      for (int key = 0; key < KEYS; key++) {
        params[key] = random.nextInt(key == 0 ? DEPTHS : key == 1 ? WIDTHS : OTHERS);
        metrics[key] = random.nextDouble();
      }
      runs.add(new Values(no, failed, params, metrics));
    }
    return runs;
  }

  /**
   * Writes runs to the metadata of a workspace, past the store, which would need commits for each.
   */
  static void fill(Database database, List<Values> runs) {
    new JdbcTrackingStore(database).experiments();
    for (int from = 0; from < runs.size(); from += AT_ONCE) {
      List<Values> some = runs.subList(from, Math.min(from + AT_ONCE, runs.size()));
      database.write(tx -> insert(tx, some));
    }
  }

  private static int insert(Transaction tx, List<Values> values) throws SQLException {
    List<@Nullable Object[]> runs = new ArrayList<>();
    List<@Nullable Object[]> params = new ArrayList<>();
    List<@Nullable Object[]> metrics = new ArrayList<>();
    List<@Nullable Object[]> points = new ArrayList<>();
    for (Values run : values) {
      long no = run.no + FIRST_NO;
      long at = FIRST_AT + run.no * MICROS_APART;
      String status = run.failed ? "FAILED" : "FINISHED";
      String id = "run" + run.no;
      runs.add(new @Nullable Object[] {no, id, EXPERIMENT, run.name(), status, at, at, at});
      for (int key = 0; key < KEYS; key++) {
        long metric = no * KEYS + key;
        double value = run.metrics[key];
        params.add(new @Nullable Object[] {no, param(key), value(key, run.params[key])});
        metrics.add(new @Nullable Object[] {metric, no, metric(key), 1, 0, at, value});
        points.add(new @Nullable Object[] {metric, 0, 0, at, value});
      }
    }
    return tx.batch(
            "INSERT INTO run (no, id, experiment, name, status, started_at, seen_at, ended_at, host,"
                + " process_space, pid, process_started, environment)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'h', 's', 1, '1', 'e')",
            runs)
        + tx.batch("INSERT INTO run_param (run_no, param, value) VALUES (?, ?, ?)", params)
        + tx.batch(
            "INSERT INTO metric (no, run_no, metric, points, latest_step, latest_at, latest_value)"
                + " VALUES (?, ?, ?, ?, ?, ?, ?)",
            metrics)
        + tx.batch(
            "INSERT INTO metric_point (metric_no, position, step, at, value) VALUES (?, ?, ?, ?, ?)",
            points);
  }

  private static String param(int key) {
    return key == 0 ? "depth" : key == 1 ? "width" : "param" + key;
  }

  private static String value(int key, int number) {
    return key < 2 ? "" + number : "value " + number;
  }

  private static String metric(int key) {
    return key == 0 ? "auc" : "metric" + key;
  }
}
