package dev.mlops4j.benchmarks.predict;

import dev.mlops4j.trees.TreeModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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

/** All rows of a model in one call, and in two halves on two threads. */
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

  /** Ours on two threads that share one model; the caller has split the rows. */
  @State(Scope.Thread)
  public static class TwoThreads {

    /** The directory of the model. */
    @Param("")
    public String model = "";

    private final ExecutorService other = Executors.newSingleThreadExecutor();
    private TreeModel trees = unset();
    private float[] first = new float[0];
    private float[] second = new float[0];
    private float[] firstOut = new float[0];
    private float[] secondOut = new float[0];

    /** Loads the model, and splits the rows. */
    @Setup
    public void open() throws Exception {
      Rows read = Rows.read(Path.of(model));
      trees = TreeModel.read(Path.of(model).resolve("model.ubj"));
      int half = read.count() / 2;
      first = Arrays.copyOf(read.flat(), half * Rows.FEATURES);
      second = Arrays.copyOfRange(read.flat(), half * Rows.FEATURES, read.flat().length);
      firstOut = new float[half];
      secondOut = new float[read.count() - half];
    }

    /** Ends the other thread. */
    @TearDown
    public void close() {
      other.shutdown();
    }

    @SuppressWarnings("NullAway") // set by open()
    private static TreeModel unset() {
      return null;
    }
  }

  /** All rows. */
  @Benchmark
  public float[] oneThread(OneThread state) throws Exception {
    return state.scorer.predict(state.rows, state.count);
  }

  /** One half of the rows here, the other on another thread. */
  @Benchmark
  public float twoThreads(TwoThreads state) throws Exception {
    Future<?> there =
        state.other.submit(
            () -> state.trees.predictAll(state.second, state.secondOut.length, state.secondOut));
    state.trees.predictAll(state.first, state.firstOut.length, state.firstOut);
    there.get();
    return state.firstOut[0] + state.secondOut[0];
  }
}
