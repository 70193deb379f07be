package dev.mlops4j.benchmarks.predict;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
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

/** One row, another one each time: {@value #DISTINCT} of them in turn. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(jvmArgsAppend = "-Xmx1g")
public class RowBenchmark {

  /** Enough that no branch predictor learns them, few enough for the processor's cache. */
  static final int DISTINCT = 4096;

  /** The directory of the model. */
  @Param("")
  public String model = "";

  /** Who scores. */
  @Param("OURS")
  public Engine engine = Engine.OURS;

  private RowScorer scorer = row -> Float.NaN;
  private float[][] rows = new float[0][];
  private int next;

  /** Loads the model and the rows. */
  @Setup
  public void open() throws Exception {
    Path directory = Path.of(model);
    scorer = engine.open(directory);
    rows = Arrays.copyOf(Rows.read(directory).separate(), DISTINCT);
  }

  /** Predicts the next row. */
  @Benchmark
  public float row() throws Exception {
    next = (next + 1) & (DISTINCT - 1);
    return scorer.predict(rows[next]);
  }

  /** Frees the model. */
  @TearDown
  public void close() throws Exception {
    scorer.close();
  }
}
