package dev.mlops4j.benchmarks.tracking;

import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Our side of what is written: each call as a user makes it, in a workspace of SQLite. */
final class Writes implements AutoCloseable {

  private static final String EXPERIMENT = "written";
  private static final double NANOS = 1e9;

  private final Workspace workspace;
  private final Tracking tracking;

  Writes(Path directory) {
    workspace = Workspace.open(directory);
    tracking = Tracking.in(workspace);
  }

  /** Seconds until all was durable. */
  record Timed(double seconds, List<String> runs) {}

  /** Points to one run, durable after so many each time. */
  Timed batches(int batches, int points, int keys) {
    Run run = tracking.start(EXPERIMENT);
    String[] names = names(keys);
    long begin = System.nanoTime();
    for (int i = 0; i < batches * points; i++) {
      run.metric(names[i % keys], i, Written.number(i));
      if (i % points == points - 1) {
        run.flush();
      }
    }
    Timed timed = timed(begin, List.of(run.id()));
    Written.ours(tracking, run.id()).require("ours", Written.series((long) batches * points, keys));
    run.close();
    return timed;
  }

  /** Points to one run, durable at the end. */
  Timed singles(int points) {
    Run run = tracking.start(EXPERIMENT);
    long begin = System.nanoTime();
    for (int i = 0; i < points; i++) {
      run.metric("m0", i, Written.number(i));
    }
    run.flush();
    Timed timed = timed(begin, List.of(run.id()));
    Written.ours(tracking, run.id()).require("ours", Written.series(points, 1));
    run.close();
    return timed;
  }

  /**
   * Whole runs: begun, 3 params, 2 metrics, ended.
   *
   * @param paramsAtStart whether the params are given to the start, or logged after it
   */
  Timed runs(int runs, int threads, boolean paramsAtStart) throws Exception {
    List<String> ids = new ArrayList<>();
    long begin = System.nanoTime();
    if (threads == 1) {
      for (int i = 0; i < runs; i++) {
        ids.add(one(i, paramsAtStart));
      }
    } else {
      ExecutorService executor = Executors.newFixedThreadPool(threads);
      try {
        List<Future<String>> all = new ArrayList<>();
        for (int i = 0; i < runs; i++) {
          int no = i;
          all.add(executor.submit(() -> one(no, paramsAtStart)));
        }
        for (Future<String> each : all) {
          ids.add(each.get());
        }
      } finally {
        executor.shutdownNow();
      }
    }
    Timed timed = timed(begin, ids);
    for (int i = 0; i < runs; i++) {
      Written.ours(tracking, ids.get(i)).require("ours", Written.run(i));
    }
    return timed;
  }

  private String one(int i, boolean paramsAtStart) {
    Map<String, String> params = Written.params(i);
    String name = "run " + i;
    try (Run run =
        paramsAtStart
            ? tracking.start(EXPERIMENT, name, params, Map.of())
            : tracking.start(EXPERIMENT, name)) {
      if (!paramsAtStart) {
        run.params(params);
      }
      Written.metrics(i).forEach(run::metric);
      return run.id();
    }
  }

  private static String[] names(int keys) {
    String[] names = new String[keys];
    for (int i = 0; i < keys; i++) {
      names[i] = "m" + i;
    }
    return names;
  }

  private static Timed timed(long begin, List<String> runs) {
    return new Timed((System.nanoTime() - begin) / NANOS, runs);
  }

  @Override
  public void close() {
    workspace.close();
  }
}
