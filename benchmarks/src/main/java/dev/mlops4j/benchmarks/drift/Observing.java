package dev.mlops4j.benchmarks.drift;

import dev.mlops4j.benchmarks.DisagreementException;
import dev.mlops4j.benchmarks.record.FlightsModel;
import dev.mlops4j.feature.Target;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.Signature;
import dev.mlops4j.monitoring.Monitor;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/**
 * What it costs a service's thread to have a prediction of 20 features observed: two threads, each
 * a burst of predictions every millisecond; the clock runs over the calls of {@code predicted}
 * alone. In a JVM of its own; prints a line for each rate.
 */
final class Observing {

  private static final int THREADS = 2;
  private static final int FEATURES = 20;
  private static final int BURSTS_A_SECOND = 1_000;
  private static final long BURST_NANOS = 1_000_000_000 / BURSTS_A_SECOND;
  private static final int WARM_UP_SECONDS = 5;
  private static final Instant START = Instant.parse("2013-07-01T00:00:00Z");
  private static final Target<Long, Boolean> TARGET = Target.binary("late", n -> Boolean.TRUE);

  private final Signature signature;
  private final Monitor<Long, Boolean> monitor;

  private Observing(Monitor<Long, Boolean> monitor) {
    this.monitor = monitor;
    List<Signature.Input> inputs = new ArrayList<>();
    for (int i = 0; i < FEATURES; i++) {
      inputs.add(Signature.Input.numeric("x" + i));
    }
    this.signature = new Signature(inputs, Signature.Output.binary("late"));
  }

  /**
   * What came of one rate.
   *
   * @param rate predictions a second, of all threads
   * @param p50 nanoseconds a call, the median of the bursts' means
   * @param mean nanoseconds a call
   * @param reached predictions a second that were handed over
   * @param dropped how many were dropped
   */
  record Result(int rate, double p50, double mean, double reached, long dropped) {

    static Result of(String line) {
      String[] parts = line.split(" ", -1);
      return new Result(
          Integer.parseInt(parts[0]),
          Double.parseDouble(parts[1]),
          Double.parseDouble(parts[2]),
          Double.parseDouble(parts[3]),
          Long.parseLong(parts[4]));
    }

    String line() {
      return rate + " " + p50 + " " + mean + " " + reached + " " + dropped;
    }
  }

  /**
   * Observes.
   *
   * @param args the seconds of each rate, then the rates: predictions a second of all threads
   */
  public static void main(String[] args) throws Exception {
    int seconds = Integer.parseInt(args[0]);
    System.out.println(observe(Integer.parseInt(args[1]), WARM_UP_SECONDS).line());
    for (int i = 1; i < args.length; i++) {
      System.out.println(observe(Integer.parseInt(args[i]), seconds).line());
    }
  }

  private static Result observe(int rate, int seconds) throws Exception {
    Path directory = Files.createTempDirectory("mlops4j-observing-");
    try (Workspace workspace = Workspace.open(directory);
        Monitor<Long, Boolean> monitor = Monitor.of("observed", TARGET).in(workspace).build()) {
      return new Observing(monitor).run(rate, seconds);
    } finally {
      FlightsModel.delete(directory);
    }
  }

  private Result run(int rate, int seconds) throws Exception {
    int burst = Math.max(1, rate / THREADS / BURSTS_A_SECOND);
    ExecutorService executor = Executors.newFixedThreadPool(THREADS);
    List<double[]> nanos = new ArrayList<>();
    long begin = System.nanoTime();
    try {
      List<Future<double[]>> threads = new ArrayList<>();
      for (int thread = 0; thread < THREADS; thread++) {
        int seed = thread;
        threads.add(executor.submit(() -> bursts(seed, burst, seconds * BURSTS_A_SECOND)));
      }
      for (Future<double[]> thread : threads) {
        nanos.add(thread.get());
      }
    } finally {
      executor.shutdownNow();
    }
    double taken = (System.nanoTime() - begin) / 1e9;
    monitor.flush();
    long handed = (long) THREADS * burst * seconds * BURSTS_A_SECOND;
    if (monitor.predictionCount() + monitor.droppedCount() != handed) {
      throw new DisagreementException(
          monitor.predictionCount()
              + " recorded and "
              + monitor.droppedCount()
              + " dropped of "
              + handed);
    }
    double[] all = nanos.stream().flatMapToDouble(Arrays::stream).sorted().toArray();
    double mean = Arrays.stream(all).average().orElseThrow();
    return new Result(
        rate, all[all.length / 2] / burst, mean / burst, handed / taken, monitor.droppedCount());
  }

  /** The nanoseconds of each burst; the predictions are made before its clock starts. */
  private double[] bursts(int seed, int burst, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    // Ids as a predictor makes them.
    String prefix = HexFormat.of().toHexDigits(random.nextLong()) + "-";
    double[] nanos = new double[count];
    Prediction[] predictions = new Prediction[burst];
    long next = System.nanoTime();
    for (int i = 0; i < count; i++) {
      for (int j = 0; j < burst; j++) {
        predictions[j] = prediction(random, prefix, (long) i * burst + j);
      }
      long begin = System.nanoTime();
      for (Prediction prediction : predictions) {
        monitor.predicted(prediction);
      }
      nanos[i] = System.nanoTime() - begin;
      next += BURST_NANOS;
      while (System.nanoTime() < next) {
        LockSupport.parkNanos(next - System.nanoTime());
      }
    }
    return nanos;
  }

  private Prediction prediction(SplittableRandom random, String prefix, long next) {
    double[] vector = new double[FEATURES];
    for (int i = 0; i < FEATURES; i++) {
      vector[i] = random.nextDouble();
    }
    return new Prediction(
        prefix + next, "observed", 1, START, signature, vector, new double[] {random.nextDouble()});
  }
}
