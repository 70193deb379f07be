package dev.mlops4j.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxMap;
import ai.onnxruntime.OnnxSequence;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.SequenceInfo;
import ai.onnxruntime.TensorInfo;
import dev.mlops4j.model.Signature.Output;
import dev.mlops4j.model.Signature.Task;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads predictions from the output of a graph: of the outputs that may hold them, the one that is
 * named, else the first sequence of maps (scikit-learn's {@code ZipMap}), else the first tensor of
 * floats or doubles, else, for a regression, the first of whole numbers.
 */
final class GraphOutput {

  private final String name;
  private final Output output;

  private GraphOutput(String name, Output output) {
    this.name = name;
    this.output = output;
  }

  /**
   * The output of a graph that holds predictions of this kind.
   *
   * @param wanted its name, or null to find it
   * @throws OnnxException if there is none
   */
  static GraphOutput of(Map<String, NodeInfo> graph, Output output, @Nullable String wanted) {
    if (wanted != null) {
      if (!graph.containsKey(wanted)) {
        throw new OnnxException(
            "the graph has no output \"" + wanted + "\"; there are " + graph.keySet());
      }
      return new GraphOutput(wanted, output);
    }
    String best = null;
    int bestRank = 0;
    for (Map.Entry<String, NodeInfo> candidate : graph.entrySet()) {
      int rank = rank(candidate.getValue(), output);
      if (rank > bestRank) {
        best = candidate.getKey();
        bestRank = rank;
      }
    }
    if (best == null) {
      throw new OnnxException(
          "no output of the graph can be the prediction of "
              + output.task()
              + " \""
              + output.name()
              + "\"; there are "
              + graph.values());
    }
    return new GraphOutput(best, output);
  }

  private static int rank(NodeInfo node, Output output) {
    if (node.getInfo() instanceof SequenceInfo sequence) {
      return sequence.sequenceOfMaps && output.task() != Task.REGRESSION ? 3 : 0;
    }
    if (node.getInfo() instanceof TensorInfo tensor) {
      if (tensor.type == OnnxJavaType.FLOAT || tensor.type == OnnxJavaType.DOUBLE) {
        return 2;
      }
      return tensor.type == OnnxJavaType.INT64 && output.task() == Task.REGRESSION ? 1 : 0;
    }
    return 0;
  }

  String name() {
    return name;
  }

  /**
   * Reads the predictions of some rows.
   *
   * @throws OnnxException if the value is of another shape
   */
  void read(OnnxValue value, int rows, double[] outputs, int from) throws OrtException {
    if (value instanceof OnnxSequence sequence) {
      readMaps(sequence, rows, outputs, from);
    } else if (value instanceof OnnxTensor tensor) {
      readTensor(tensor, rows, outputs, from);
    } else {
      throw new OnnxException(
          "output \"" + name + "\" is a " + value.getType() + ", not a tensor or maps");
    }
  }

  private void readTensor(OnnxTensor tensor, int rows, double[] outputs, int from) {
    double[] values = doubles(tensor);
    int width = output.width();
    int found = rows == 0 ? width : values.length / rows;
    if (found * rows != values.length || !(found == width || isTwoClasses(found))) {
      throw new OnnxException(
          "output \""
              + name
              + "\" has "
              + values.length
              + " numbers for "
              + rows
              + " rows, "
              + output.task()
              + " \""
              + output.name()
              + "\" has "
              + width
              + " a row; name another output with OnnxOptions.output(...)");
    }
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < width; i++) {
        outputs[from + row * width + i] = values[row * found + (found > width ? 1 : i)];
      }
    }
  }

  /** A binary classifier gives the probabilities of false and true. */
  private boolean isTwoClasses(int found) {
    return output.task() == Task.BINARY && found == 2;
  }

  private double[] doubles(OnnxTensor tensor) {
    OnnxJavaType type = tensor.getInfo().type;
    if (type == OnnxJavaType.DOUBLE) {
      DoubleBuffer buffer = tensor.getDoubleBuffer();
      double[] values = new double[buffer.remaining()];
      buffer.get(values);
      return values;
    }
    if (type == OnnxJavaType.INT64) {
      LongBuffer buffer = tensor.getLongBuffer();
      double[] values = new double[buffer.remaining()];
      for (int i = 0; i < values.length; i++) {
        values[i] = buffer.get(i);
      }
      return values;
    }
    FloatBuffer buffer = tensor.getFloatBuffer();
    if (buffer == null) {
      throw new OnnxException("output \"" + name + "\" is a tensor of " + type);
    }
    double[] values = new double[buffer.remaining()];
    for (int i = 0; i < values.length; i++) {
      values[i] = buffer.get(i);
    }
    return values;
  }

  private void readMaps(OnnxSequence sequence, int rows, double[] outputs, int from)
      throws OrtException {
    List<? extends OnnxValue> maps = sequence.getValue();
    try {
      if (maps.size() != rows) {
        throw new OnnxException(
            "output \"" + name + "\" has " + maps.size() + " maps for " + rows + " rows");
      }
      for (int row = 0; row < rows; row++) {
        readMap(((OnnxMap) maps.get(row)).getValue(), outputs, from + row * output.width());
      }
    } finally {
      maps.forEach(OnnxValue::close);
    }
  }

  private void readMap(Map<?, ?> map, double[] outputs, int at) {
    Map<String, Number> byLabel = new HashMap<>();
    map.forEach((key, value) -> byLabel.put(label(key.toString()), (Number) value));
    List<String> labels = output.task() == Task.BINARY ? List.of("true") : output.labels();
    for (int i = 0; i < labels.size(); i++) {
      Number share = byLabel.get(labels.get(i));
      if (share == null) {
        throw new OnnxException(
            "output \""
                + name
                + "\" has the classes "
                + map.keySet()
                + ", \""
                + output.name()
                + "\" has "
                + (output.task() == Task.BINARY ? "0 and 1, or false and true" : labels));
      }
      outputs[at + i] = share.doubleValue();
    }
  }

  private String label(String key) {
    if (output.task() != Task.BINARY) {
      return key;
    }
    return key.equals("1") ? "true" : key.toLowerCase(Locale.ROOT);
  }
}
