package dev.mlops4j.benchmarks.tracking;

import dev.mlops4j.benchmarks.Units;
import dev.mlops4j.storage.Database;
import dev.mlops4j.storage.Durability;
import dev.mlops4j.storage.Transaction;
import dev.mlops4j.tracking.JdbcTrackingStore;
import dev.mlops4j.tracking.RunPage;
import dev.mlops4j.tracking.RunSearch;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * How long a search among 100,000 runs takes, of 5 params and 5 metrics each, in a workspace of
 * SQLite. The runs are written past the store, which would need a commit for each.
 */
public final class SearchLatency {

  private static final int RUNS = 100_000;
  private static final int KEYS = 5;
  private static final int WARM_UP = 50;
  private static final int TIMES = 200;
  private static final double P99 = 0.99;
  private static final long MICROS_APART = 1_000_000;

  private SearchLatency() {}

  /**
   * Measures.
   *
   * @param args a directory for the workspace, which is made if it is not there
   */
  public static void main(String[] args) {
    Path directory = Path.of(args[0]);
    boolean there = Files.exists(directory);
    try (Workspace workspace = Workspace.open(directory);
        Tracking tracking = Tracking.in(workspace)) {
      if (!there) {
        tracking.run("delay", run -> run.metric("auc", 0));
        fill(directory.resolve("metadata.db"));
      }
      RunSearch delay = tracking.search("delay").limit(50);
      String best = "metrics.auc desc";
      measure(
          "10 % match, best 50",
          delay.where("metrics.auc > 0.5 and params.depth = '3'").orderBy(best));
      measure(
          "1 % match, best 50",
          delay.where("metrics.auc > 0.5 and params.width = '3'").orderBy(best));
      measure(
          "1 % match by the metric, best 50",
          delay.where("metrics.auc > 0.99 and params.depth != '3'").orderBy(best));
      measure("newest 50", delay);
      measure("newest 50 that 1 % match", delay.where("params.width = '3'"));
      measure("newest 50 that failed, 1 %", delay.where("status = 'FAILED'"));
      measure("best 50 without a filter", delay.orderBy(best));
      measure("20 match, best 50", delay.where("metrics.auc > 0.9998").orderBy(best));
      measure(
          "nothing matches, no index helps",
          delay.where("tags.a = 'b' or tags.b = 'a'").orderBy(best));
      RunPage page = delay.orderBy(best).page();
      for (int i = 0; i < 20; i++) {
        page = delay.orderBy(best).after(page.next()).page();
      }
      measure("best 50 after 1,050", delay.orderBy(best).after(page.next()));
    }
  }

  private static void measure(String name, RunSearch search) {
    for (int i = 0; i < WARM_UP; i++) {
      search.page();
    }
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long[] nanos = new long[TIMES];
    long[] cpu = new long[TIMES];
    int found = 0;
    for (int i = 0; i < TIMES; i++) {
      long cpuStart = threads.getCurrentThreadCpuTime();
      long start = System.nanoTime();
      found = search.page().runs().size();
      nanos[i] = System.nanoTime() - start;
      cpu[i] = threads.getCurrentThreadCpuTime() - cpuStart;
    }
    Arrays.sort(nanos);
    Arrays.sort(cpu);
    System.out.println(
        "search "
            + name
            + ": p50 "
            + Units.nanos((double) nanos[TIMES / 2])
            + ", p99 "
            + Units.nanos((double) nanos[(int) (TIMES * P99)])
            + ", of the processor p50 "
            + Units.nanos((double) cpu[TIMES / 2])
            + ", found "
            + found);
  }

  private static void fill(Path file) {
    long start = System.nanoTime();
    try (Database database = Database.sqlite(file, Durability.NORMAL)) {
      new JdbcTrackingStore(database).experiments();
      Random random = new Random(1);
      int step = 10_000;
      for (int from = 0; from < RUNS; from += step) {
        int first = from;
        database.write(tx -> fill(tx, first, first + step, random));
      }
    }
    System.err.println("# filled in " + Units.nanos((double) (System.nanoTime() - start)));
  }

  private static boolean fill(Transaction tx, int from, int to, Random random) throws SQLException {
    List<@Nullable Object[]> runs = new ArrayList<>();
    List<@Nullable Object[]> params = new ArrayList<>();
    List<@Nullable Object[]> metrics = new ArrayList<>();
    List<@Nullable Object[]> points = new ArrayList<>();
    for (int i = from; i < to; i++) {
      long no = i + 10L;
      long at = 1_700_000_000_000_000L + i * MICROS_APART;
      String status = random.nextInt(100) == 0 ? "FAILED" : "FINISHED";
      runs.add(new @Nullable Object[] {no, "run" + i, "delay", "run " + i, status, at, at, at});
      params.add(new @Nullable Object[] {no, "depth", "" + random.nextInt(10)});
      params.add(new @Nullable Object[] {no, "width", "" + random.nextInt(100)});
      for (int key = 2; key < KEYS; key++) {
        params.add(new @Nullable Object[] {no, "param" + key, "value " + random.nextInt(1_000)});
      }
      for (int key = 0; key < KEYS; key++) {
        String name = key == 0 ? "auc" : "metric" + key;
        long metric = no * KEYS + key + 10;
        double value = random.nextDouble();
        metrics.add(new @Nullable Object[] {metric, no, name, 1, 0, at, value});
        points.add(new @Nullable Object[] {metric, 0, 0, at, value});
      }
    }
    tx.batch(
        "INSERT INTO run (no, id, experiment, name, status, started_at, seen_at, ended_at, host,"
            + " process_space, pid, process_started, environment)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'h', 's', 1, '1', 'e')",
        runs);
    tx.batch("INSERT INTO run_param (run_no, param, value) VALUES (?, ?, ?)", params);
    tx.batch(
        "INSERT INTO metric (no, run_no, metric, points, latest_step, latest_at, latest_value)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?)",
        metrics);
    tx.batch(
        "INSERT INTO metric_point (metric_no, position, step, at, value) VALUES (?, ?, ?, ?, ?)",
        points);
    return true;
  }
}
