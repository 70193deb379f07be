package dev.mlops4j.benchmarks.record;

import dev.mlops4j.examples.flights.Flight;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.serving.Predictor;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** {@code predictor.predict(flight)}, another flight each time. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(jvmArgsAppend = "-Xmx1g")
public class RecordBenchmark {

  /** The directory of the model's package. */
  @Param("")
  public String modelPackage = "";

  private @Nullable FlightsService service;
  private Flight[] flights = new Flight[0];
  private int next;

  /** Starts the service. */
  @Setup
  public void open() throws Exception {
    service = new FlightsService(Path.of(modelPackage));
    flights = service.flights().toArray(new Flight[0]);
  }

  /** Predicts for the next flight. */
  @Benchmark
  public Prediction predict() {
    Predictor<Flight> predictor = Objects.requireNonNull(service).predictor();
    next = next + 1 == flights.length ? 0 : next + 1;
    return predictor.predict(flights[next]);
  }

  /** Ends the service. */
  @TearDown
  public void close() throws Exception {
    Objects.requireNonNull(service).close();
  }
}
