package dev.mlops4j.benchmarks.tracking;

import dev.mlops4j.benchmarks.Units;
import dev.mlops4j.tracking.RunPage;
import dev.mlops4j.tracking.RunSearch;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * How long a search among 100,000 runs takes, of 5 params and 5 metrics each, in a workspace of
 * SQLite. The runs are written past the store, which would need a commit for each.
 */
public final class SearchLatency {

  private static final int RUNS = 100_000;
  private static final int WARM_UP = 50;
  private static final int TIMES = 200;
  private static final double P99 = 0.99;

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
        SearchRuns.fill(workspace.database(Area.METADATA), SearchRuns.first(RUNS));
      }
      RunSearch delay = tracking.search(SearchRuns.EXPERIMENT).limit(50);
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
      measure("newest 50 that 2 % match", delay.where("params.width = '3'"));
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
}
