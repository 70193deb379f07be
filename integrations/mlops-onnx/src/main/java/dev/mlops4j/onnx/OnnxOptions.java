package dev.mlops4j.onnx;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How ONNX Runtime is set up for a model. Immutable.
 *
 * <pre>{@code
 * new OnnxLoader(OnnxOptions.defaults().threads(4).configured(options -> options.addCUDA(0)))
 * }</pre>
 */
public final class OnnxOptions {

  private static final OnnxOptions DEFAULTS = new OnnxOptions(1, null, options -> {});

  private final int threads;
  private final @Nullable String output;
  private final Configuration configuration;

  private OnnxOptions(int threads, @Nullable String output, Configuration configuration) {
    this.threads = threads;
    this.output = output;
    this.configuration = configuration;
  }

  /**
   * One thread an operator, as a service has requests to keep its cores busy with; the processor;
   * the output is found by its shape.
   */
  public static OnnxOptions defaults() {
    return DEFAULTS;
  }

  /**
   * How many threads work on one operator.
   *
   * @throws IllegalArgumentException if there is none
   */
  public OnnxOptions threads(int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads is 1 or more, found " + threads);
    }
    return new OnnxOptions(threads, output, configuration);
  }

  /** The name of the output that is the prediction, for a graph with several that might be. */
  public OnnxOptions output(String name) {
    return new OnnxOptions(threads, Objects.requireNonNull(name, "name"), configuration);
  }

  /**
   * Sets up the session otherwise too: execution providers, optimization, libraries of operators.
   */
  public OnnxOptions configured(Configuration further) {
    Configuration before = configuration;
    return new OnnxOptions(
        threads,
        output,
        options -> {
          before.apply(options);
          further.apply(options);
        });
  }

  @Nullable String output() {
    return output;
  }

  SessionOptions session() throws OrtException {
    SessionOptions options = new SessionOptions();
    try {
      options.setIntraOpNumThreads(threads);
      options.setInterOpNumThreads(1);
      configuration.apply(options);
      return options;
    } catch (OrtException | RuntimeException e) {
      options.close();
      throw e;
    }
  }

  /** Changes the options of a session. */
  @FunctionalInterface
  public interface Configuration {

    /**
     * Changes them.
     *
     * @throws OrtException if ONNX Runtime, as it is on the class path, cannot do it
     */
    void apply(SessionOptions options) throws OrtException;
  }
}
