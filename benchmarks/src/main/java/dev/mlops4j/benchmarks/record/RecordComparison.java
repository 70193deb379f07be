package dev.mlops4j.benchmarks.record;

import dev.mlops4j.benchmarks.Comparison;
import dev.mlops4j.benchmarks.DisagreementException;
import dev.mlops4j.benchmarks.Report;
import dev.mlops4j.benchmarks.Units;
import dev.mlops4j.examples.flights.Flight;
import dev.mlops4j.model.ModelLoaders;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.serving.Predictor;
import dev.mlops4j.xgboost.XgBoostLoader;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** From a record to a prediction that a monitor has heard of. */
public final class RecordComparison implements Comparison {

  private static final int FORKS = 3;
  private static final int WARMUPS = 16;
  private static final int ITERATIONS = 6;
  private static final int PASSES = 60;
  private static final TimeValue ITERATION = TimeValue.milliseconds(500);
  private static final double TOLERANCE = 1e-6;

  /** Creates the comparison. */
  public RecordComparison() {}

  @Override
  public void run(Path directory, Report report) throws Exception {
    Path modelPackage = FlightsModel.train(directory, report);
    double bytes;
    try (FlightsService service = new FlightsService(modelPackage)) {
      check(service, ModelPackage.read(modelPackage), report);
      bytes = allocated(service);
    }
    List<Double> median = new ArrayList<>();
    List<Double> slow = new ArrayList<>();
    for (int fork = 0; fork < FORKS; fork++) {
      RunResult result = measure(modelPackage);
      var statistics = result.getPrimaryResult().getStatistics();
      median.add(statistics.getPercentile(50));
      slow.add(statistics.getPercentile(99));
      report.note(
          "predict-record, fork %d: p50 %s, p99 %s, p99.9 %s, %,d samples",
          fork + 1,
          Units.micros(statistics.getPercentile(50)),
          Units.micros(statistics.getPercentile(99)),
          Units.micros(statistics.getPercentile(99.9)),
          statistics.getN());
    }
    report.alone("predict-record-p50", Units.micros(Units.median(median)), "5us");
    report.alone("predict-record-p99", Units.micros(Units.median(slow)), "20us");
    report.alone("predict-record-bytes", String.format(Locale.ROOT, "%.0fB", bytes), "1000B");
  }

  private static RunResult measure(Path modelPackage) throws RunnerException {
    return new Runner(
            new OptionsBuilder()
                .include("^" + RecordBenchmark.class.getName().replace(".", "\\.") + "\\.predict$")
                .param("modelPackage", modelPackage.toString())
                .forks(1)
                .warmupIterations(WARMUPS)
                .warmupTime(ITERATION)
                .measurementIterations(ITERATIONS)
                .measurementTime(ITERATION)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build())
        .runSingle();
  }

  /** What is served equals what XGBoost itself says of the vectors that were served. */
  private static void check(FlightsService service, ModelPackage modelPackage, Report report) {
    double greatest = 0;
    try (var xgboost = ModelLoaders.of(new XgBoostLoader()).load(modelPackage)) {
      for (Flight flight : service.flights()) {
        Prediction prediction = service.predictor().predict(flight);
        double expected = xgboost.predict(prediction.vector())[0];
        greatest = Math.max(greatest, Math.abs(expected - prediction.value()));
      }
    }
    if (!(greatest <= TOLERANCE)) {
      throw new DisagreementException(
          "predict-record differs from XGBoost by " + greatest + ", tolerance " + TOLERANCE);
    }
    report.note(
        "predict-record: %,d predictions, the greatest difference from XGBoost's is %.1e,"
            + " tolerance %.0e",
        service.flights().size(), greatest, TOLERANCE);
  }

  /** What a call allocates on the caller's thread, in bytes. */
  private static double allocated(FlightsService service) {
    if (!(ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean threads)) {
      throw new IllegalStateException("this JVM does not say what a thread allocates");
    }
    Predictor<Flight> predictor = service.predictor();
    List<Flight> flights = service.flights();
    double sum = 0;
    for (int warmup = 0; warmup < WARMUPS; warmup++) {
      sum += predictAll(predictor, flights);
    }
    long thread = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(thread);
    sum += predictAll(predictor, flights);
    long after = threads.getThreadAllocatedBytes(thread);
    if (Double.isNaN(sum)) {
      throw new DisagreementException("a prediction is NaN");
    }
    return (double) (after - before) / ((long) PASSES * flights.size());
  }

  private static double predictAll(Predictor<Flight> predictor, List<Flight> flights) {
    double sum = 0;
    for (int pass = 0; pass < PASSES; pass++) {
      for (Flight flight : flights) {
        sum += predictor.predict(flight).value();
      }
    }
    return sum;
  }
}
