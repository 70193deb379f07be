package dev.mlops4j.benchmarks.predict;

import java.nio.file.Path;
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

/** All rows of a model in one call. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(jvmArgsAppend = "-Xmx1g")
public class BatchBenchmark {

  /** One engine on one thread. */
  @State(Scope.Thread)
  public static class OneThread {

    /** The directory of the model. */
    @Param("")
    public String model = "";

    /** Who scores. */
    @Param("OURS")
    public Batches engine = Batches.OURS;

    private BatchScorer scorer = (rows, count) -> rows;
    private float[] rows = new float[0];
    private int count;

    /** Loads the model and the rows. */
    @Setup
    public void open() throws Exception {
      Rows read = Rows.read(Path.of(model));
      scorer = engine.open(Path.of(model));
      rows = read.flat();
      count = read.count();
    }

    /** Frees the model. */
    @TearDown
    public void close() throws Exception {
      scorer.close();
    }
  }

  /** All rows. */
  @Benchmark
  public float[] oneThread(OneThread state) throws Exception {
    return state.scorer.predict(state.rows, state.count);
  }
}
