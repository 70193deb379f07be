package dev.mlops4j.onnx;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.mlops4j.model.ModelArrays;
import dev.mlops4j.model.PortableModel;
import dev.mlops4j.model.Signature;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * A graph in ONNX that ONNX Runtime evaluates: a pipeline of scikit-learn, a network of PyTorch or
 * TensorFlow. Immutable and safe for any number of threads, which share one session and predict at
 * the same time.
 *
 * <p>The graph has one input tensor of the rows, [rows, inputs], or one tensor an input, [rows] or
 * [rows, 1], of the input's name. Numbers are given as the tensor's type; what does not fit, as a
 * missing value into whole numbers, is an {@link IllegalArgumentException}. A category is given to
 * a tensor of text as its text, a missing one as empty text; to one of numbers as its code.
 *
 * <p>It holds native memory until {@link #close}, which waits for the predictions under way.
 */
public final class OnnxModel implements PortableModel {

  /** The name of the format of the model's file. */
  public static final String FORMAT = "onnx";

  static final String FILE = "model.onnx";
  private static final int BATCH_ROWS = 4096;

  private final Signature signature;
  private final byte[] bytes;
  private final OrtSession session;
  private final Feed feed;
  private final GraphOutput output;
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private boolean closed;

  private OnnxModel(
      Signature signature, byte[] bytes, OrtSession session, Feed feed, GraphOutput output) {
    this.signature = signature;
    this.bytes = bytes;
    this.session = session;
    this.feed = feed;
    this.output = output;
  }

  /**
   * The model in these bytes, which are copied.
   *
   * @throws OnnxException if they are no graph that ONNX Runtime can load, or one of other inputs
   *     or outputs
   */
  public static OnnxModel of(Signature signature, byte[] bytes, OnnxOptions options) {
    byte[] copy = bytes.clone();
    OrtSession session = open(copy, options);
    try {
      OrtEnvironment environment = OrtEnvironment.getEnvironment();
      Feed feed = new GraphInputs(environment, session.getInputInfo(), signature).feed();
      GraphOutput output =
          GraphOutput.of(session.getOutputInfo(), signature.output(), options.output());
      OnnxModel model = new OnnxModel(signature, copy, session, feed, output);
      // What a graph gives is known for sure only once it has given it.
      model.predict(new double[signature.width()]);
      return model;
    } catch (OrtException e) {
      close(session, e);
      throw new OnnxException("ONNX Runtime cannot describe the graph: " + e.getMessage(), e);
    } catch (RuntimeException | Error e) {
      close(session, e);
      throw e;
    }
  }

  /** A session, which the caller closes. */
  static OrtSession open(byte[] bytes, OnnxOptions options) {
    try (SessionOptions session = options.session()) {
      return OrtEnvironment.getEnvironment().createSession(bytes, session);
    } catch (OrtException e) {
      throw new OnnxException(
          "ONNX Runtime cannot load the graph: "
              + e.getMessage()
              + " (execution providers here: "
              + OrtEnvironment.getAvailableProviders()
              + ")",
          e);
    } catch (LinkageError e) {
      throw new OnnxException(
          "ONNX Runtime's native library does not load on "
              + System.getProperty("os.name")
              + " "
              + System.getProperty("os.arch")
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private static void close(OrtSession session, Throwable after) {
    try {
      session.close();
    } catch (OrtException e) {
      after.addSuppressed(e);
    }
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public String format() {
    return FORMAT;
  }

  @Override
  public SortedMap<String, byte[]> files() {
    SortedMap<String, byte[]> files = new TreeMap<>();
    files.put(FILE, bytes.clone());
    return files;
  }

  /** True if the graph takes any number of rows. */
  @Override
  public boolean gainsFromBatches() {
    return feed.fixedRows() == 0;
  }

  @Override
  public void predict(double[] vector, double[] output) {
    ModelArrays.check(signature, vector, output);
    run(vector, 0, 1, output, 0);
  }

  @Override
  public double[] predictAll(double[] vectors, int rows) {
    ModelArrays.checkRows(signature, vectors, rows);
    int in = signature.width();
    int out = signature.output().width();
    double[] outputs = new double[Math.multiplyExact(rows, out)];
    int most = feed.fixedRows() == 0 ? BATCH_ROWS : feed.fixedRows();
    for (int start = 0; start < rows; start += most) {
      run(vectors, start * in, Math.min(most, rows - start), outputs, start * out);
    }
    return outputs;
  }

  private void run(double[] vectors, int from, int rows, double[] outputs, int at) {
    Lock shared = lock.readLock();
    shared.lock();
    Map<String, OnnxTensor> tensors = new HashMap<>();
    try {
      if (closed) {
        throw new IllegalStateException("the ONNX model is closed");
      }
      feed.add(vectors, from, rows, tensors);
      try (OrtSession.Result result = session.run(tensors, Set.of(output.name()))) {
        output.read(result.get(0), rows, outputs, at);
      }
    } catch (OrtException e) {
      throw new OnnxException("ONNX Runtime could not predict: " + e.getMessage(), e);
    } finally {
      tensors.values().forEach(OnnxTensor::close);
      shared.unlock();
    }
  }

  /** Frees the native memory, once the predictions under way are done. */
  @Override
  public void close() {
    Lock exclusive = lock.writeLock();
    exclusive.lock();
    try {
      if (!closed) {
        closed = true;
        session.close();
      }
    } catch (OrtException e) {
      throw new OnnxException("ONNX Runtime could not close the model: " + e.getMessage(), e);
    } finally {
      exclusive.unlock();
    }
  }
}
