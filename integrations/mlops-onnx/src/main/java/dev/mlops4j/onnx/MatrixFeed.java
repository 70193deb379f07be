package dev.mlops4j.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.util.List;
import java.util.Map;

/** One tensor of the whole rows. */
record MatrixFeed(
    OrtEnvironment environment, String name, OnnxJavaType type, int fixedRows, List<String> inputs)
    implements Feed {

  @Override
  public void add(double[] vectors, int from, int rows, Map<String, OnnxTensor> tensors)
      throws OrtException {
    int width = inputs.size();
    tensors.put(
        name,
        TensorType.of(
            environment,
            type,
            new long[] {rows, width},
            rows * width,
            i -> vectors[from + i],
            i -> inputs.get(i % width)));
  }
}
