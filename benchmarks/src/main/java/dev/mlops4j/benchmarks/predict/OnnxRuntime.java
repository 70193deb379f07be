package dev.mlops4j.benchmarks.predict;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/**
 * ONNX Runtime on one thread. The tensors are made in each call, as they must be; the memory behind
 * the input is the same each time, and the output that is not needed, the label, is not asked for.
 */
final class OnnxRuntime implements RowScorer {

  private static final Set<String> OUTPUT = Set.of("probabilities");

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession.SessionOptions options = new OrtSession.SessionOptions();
  private final OrtSession session;
  private final String input;
  private final long[] shape;
  private final FloatBuffer buffer;

  OnnxRuntime(Path directory) throws OrtException {
    options.setIntraOpNumThreads(1);
    options.setInterOpNumThreads(1);
    options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
    this.session = environment.createSession(directory.resolve("model.onnx").toString(), options);
    this.input = session.getInputNames().iterator().next();
    this.shape = new long[] {1, Rows.FEATURES};
    this.buffer =
        ByteBuffer.allocateDirect(Rows.FEATURES * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
  }

  @Override
  public float predict(float[] row) throws OrtException {
    buffer.put(0, row);
    try (OnnxTensor tensor = OnnxTensor.createTensor(environment, buffer, shape);
        OrtSession.Result result = session.run(Map.of(input, tensor), OUTPUT)) {
      // The second column: the probability of the positive class.
      return ((OnnxTensor) result.get(0)).getFloatBuffer().get(1);
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("the session does not close", e);
    }
    options.close();
  }
}
