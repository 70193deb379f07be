package dev.mlops4j.onnx;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.util.List;
import java.util.Map;

/** One tensor an input. */
record ColumnsFeed(OrtEnvironment environment, List<Column> columns, int fixedRows, int width)
    implements Feed {

  /** How a missing category is given to a tensor of text, which has no other way to say it. */
  static final String MISSING = "";

  /**
   * A tensor.
   *
   * @param name its name in the graph, and the input's
   * @param position the input's position in a row
   * @param isMatrix whether its shape is [rows, 1] and not [rows]
   * @param categories what the codes of a tensor of text stand for
   */
  record Column(
      String name, int position, OnnxJavaType type, boolean isMatrix, List<String> categories) {}

  @Override
  public void add(double[] vectors, int from, int rows, Map<String, OnnxTensor> tensors)
      throws OrtException {
    for (Column column : columns) {
      long[] shape = column.isMatrix() ? new long[] {rows, 1} : new long[] {rows};
      int first = from + column.position();
      OnnxTensor tensor;
      if (column.type() == OnnxJavaType.STRING) {
        String[] texts = new String[rows];
        for (int row = 0; row < rows; row++) {
          texts[row] = category(column, vectors[first + row * width]);
        }
        tensor = OnnxTensor.createTensor(environment, texts, shape);
      } else {
        tensor =
            TensorType.of(
                environment,
                column.type(),
                shape,
                rows,
                row -> vectors[first + row * width],
                row -> column.name());
      }
      tensors.put(column.name(), tensor);
    }
  }

  private static String category(Column column, double code) {
    return code >= 0 && code < column.categories().size()
        ? column.categories().get((int) code)
        : MISSING;
  }
}
