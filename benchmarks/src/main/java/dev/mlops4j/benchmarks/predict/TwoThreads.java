package dev.mlops4j.benchmarks.predict;

import dev.mlops4j.benchmarks.Report;
import dev.mlops4j.benchmarks.Units;
import dev.mlops4j.trees.TreeModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * How many times the rate of one thread two have, that share one model. One and two take turns call
 * by call, because a machine whose cores others use as well is another one a second later; JMH runs
 * one after the other.
 */
final class TwoThreads {

  private static final int WARMUPS = 200;
  private static final int PAIRS = 1_500;

  private TwoThreads() {}

  /** Returns the median of the ratios of neighbours. */
  static double scaling(Path directory, Report report)
      throws IOException, ExecutionException, InterruptedException {
    TreeModel model = TreeModel.read(directory.resolve("model.ubj"));
    Rows rows = Rows.read(directory);
    int half = rows.count() / 2;
    float[] first = Arrays.copyOf(rows.flat(), half * Rows.FEATURES);
    float[] second =
        Arrays.copyOfRange(rows.flat(), half * Rows.FEATURES, 2 * half * Rows.FEATURES);
    float[] firstOut = new float[half];
    float[] secondOut = new float[half];
    List<Double> ones = new ArrayList<>();
    List<Double> twos = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    ExecutorService other = Executors.newSingleThreadExecutor();
    try {
      for (int pair = -WARMUPS; pair < PAIRS; pair++) {
        long start = System.nanoTime();
        model.predictAll(first, half, firstOut);
        model.predictAll(second, half, secondOut);
        long between = System.nanoTime();
        Future<?> there = other.submit(() -> model.predictAll(second, half, secondOut));
        model.predictAll(first, half, firstOut);
        there.get();
        long end = System.nanoTime();
        if (pair >= 0) {
          ones.add((double) (between - start));
          twos.add((double) (end - between));
          ratios.add((double) (between - start) / (end - between));
        }
      }
    } finally {
      other.shutdown();
    }
    report.note(
        "batch-10000-2threads: one thread %s, two %s",
        Units.nanos(Units.median(ones)), Units.nanos(Units.median(twos)));
    return Units.median(ratios);
  }
}
