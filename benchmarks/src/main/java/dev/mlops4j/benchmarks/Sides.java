package dev.mlops4j.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures several sides by turns, so that what else the machine does in the meantime falls on all
 * of them: in each round every side gets a fresh JVM for a short while (A B C, A B C, ...). The
 * result is the median of all iterations of all rounds.
 */
public final class Sides {

  private static final int ROUNDS = 3;
  private static final int WARMUPS = 4;
  private static final int ITERATIONS = 5;
  private static final TimeValue ITERATION = TimeValue.milliseconds(250);

  private final List<Side> sides = new ArrayList<>();

  /** Starts without a side. */
  public Sides() {}

  /**
   * A benchmark with its parameters.
   *
   * @param name by which its result is found
   * @param benchmark the method, as {@code Class.method}
   * @param params the values of its parameters
   */
  private record Side(String name, String benchmark, Map<String, String> params) {}

  /** The result of each side, in the benchmark's own unit. */
  public record Medians(Map<String, Double> bySide) {

    /** The result of the side of this name. */
    public double of(String side) {
      return Objects.requireNonNull(bySide.get(side), side);
    }
  }

  /** Adds a side; the benchmark is a JMH method of this class. */
  public Sides add(String name, Class<?> type, String method, Map<String, String> params) {
    sides.add(new Side(name, type.getName() + "." + method, params));
    return this;
  }

  /** Runs all sides. */
  public Medians run(Report report) throws RunnerException {
    Map<String, List<Double>> scores = new LinkedHashMap<>();
    for (int round = 0; round < ROUNDS; round++) {
      for (Side side : sides) {
        scores.computeIfAbsent(side.name, name -> new ArrayList<>()).addAll(iterations(side));
      }
    }
    Map<String, Double> medians = new LinkedHashMap<>();
    scores.forEach(
        (name, all) -> {
          medians.put(name, Units.median(all));
          report.note(
              "%-24s median %,.0f, from %,.0f to %,.0f in %d iterations",
              name,
              Units.median(all),
              all.stream().mapToDouble(Double::doubleValue).min().orElse(Double.NaN),
              all.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN),
              all.size());
        });
    return new Medians(medians);
  }

  private static List<Double> iterations(Side side) throws RunnerException {
    var options =
        new OptionsBuilder()
            .include("^" + side.benchmark.replace(".", "\\.") + "$")
            .forks(1)
            .warmupIterations(WARMUPS)
            .warmupTime(ITERATION)
            .measurementIterations(ITERATIONS)
            .measurementTime(ITERATION)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    side.params.forEach(options::param);
    List<Double> scores = new ArrayList<>();
    for (RunResult result : new Runner(options.build()).run()) {
      result
          .getBenchmarkResults()
          .forEach(
              fork -> {
                for (IterationResult iteration : fork.getIterationResults()) {
                  scores.add(iteration.getPrimaryResult().getScore());
                }
              });
    }
    return scores;
  }
}
