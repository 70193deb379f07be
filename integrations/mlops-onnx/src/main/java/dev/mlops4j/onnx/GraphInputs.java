package dev.mlops4j.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.TensorInfo;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.InputType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Finds how the inputs of a signature are fed to a graph. */
final class GraphInputs {

  private final OrtEnvironment environment;
  private final Map<String, NodeInfo> graph;
  private final Signature signature;
  private final List<String> problems = new ArrayList<>();

  GraphInputs(OrtEnvironment environment, Map<String, NodeInfo> graph, Signature signature) {
    this.environment = environment;
    this.graph = graph;
    this.signature = signature;
  }

  /**
   * One tensor of the rows, or one a column.
   *
   * @throws OnnxException with all that does not fit
   */
  Feed feed() {
    for (Map.Entry<String, NodeInfo> input : graph.entrySet()) {
      if (!(input.getValue().getInfo() instanceof TensorInfo)) {
        problems.add("its input \"" + input.getKey() + "\" is no tensor");
      }
    }
    throwIfAny();
    if (graph.size() == 1) {
      Map.Entry<String, NodeInfo> only = graph.entrySet().iterator().next();
      TensorInfo tensor = (TensorInfo) only.getValue().getInfo();
      boolean isColumn = signature.width() == 1 && signature.names().contains(only.getKey());
      if (!isColumn) {
        return matrix(only.getKey(), tensor);
      }
    }
    return columns();
  }

  private Feed matrix(String name, TensorInfo tensor) {
    long[] shape = tensor.getShape();
    if (shape.length != 2 || (shape[1] != -1 && shape[1] != signature.width())) {
      problems.add(
          "its input \""
              + name
              + "\" has the shape "
              + Arrays.toString(shape)
              + ", for "
              + signature.width()
              + " inputs it should be [rows, "
              + signature.width()
              + "]");
    }
    if (!TensorType.isNumeric(tensor.type)) {
      problems.add("its input \"" + name + "\" is of " + tensor.type + ", not of numbers");
    }
    throwIfAny();
    return new MatrixFeed(environment, name, tensor.type, fixed(shape[0]), signature.names());
  }

  private Feed columns() {
    Set<String> extra = new TreeSet<>(graph.keySet());
    signature.names().forEach(extra::remove);
    if (!extra.isEmpty()) {
      problems.add("it has inputs that the signature has not: " + extra);
    }
    List<ColumnsFeed.Column> columns = new ArrayList<>();
    int fixedRows = 0;
    for (int i = 0; i < signature.width(); i++) {
      Input input = signature.inputs().get(i);
      NodeInfo node = graph.get(input.name());
      if (node == null) {
        problems.add("it has no input \"" + input.name() + "\"");
      } else {
        TensorInfo tensor = (TensorInfo) node.getInfo();
        columns.add(column(i, input, tensor));
        fixedRows =
            Math.max(fixedRows, fixed(tensor.getShape().length == 0 ? 1 : tensor.getShape()[0]));
      }
    }
    throwIfAny();
    return new ColumnsFeed(environment, columns, fixedRows, signature.width());
  }

  private ColumnsFeed.Column column(int position, Input input, TensorInfo tensor) {
    long[] shape = tensor.getShape();
    boolean isMatrix = shape.length == 2;
    if (shape.length == 0 || shape.length > 2 || (isMatrix && shape[1] != 1 && shape[1] != -1)) {
      problems.add(
          "its input \""
              + input.name()
              + "\" has the shape "
              + Arrays.toString(shape)
              + ", a column's is [rows] or [rows, 1]");
    }
    boolean isText = tensor.type == OnnxJavaType.STRING;
    if (isText && input.type() == InputType.NUMERIC) {
      problems.add("its input \"" + input.name() + "\" is of text, and the signature's a number");
    } else if (!isText && !TensorType.isNumeric(tensor.type)) {
      problems.add("its input \"" + input.name() + "\" is of " + tensor.type);
    }
    return new ColumnsFeed.Column(
        input.name(), position, tensor.type, isMatrix, input.categories());
  }

  /** The number of rows that a graph insists on, or 0. */
  private int fixed(long rows) {
    if (rows > 1) {
      problems.add(
          "it takes exactly " + rows + " rows at once; export it with a dynamic first dimension");
    }
    return rows == 1 ? 1 : 0;
  }

  private void throwIfAny() {
    if (!problems.isEmpty()) {
      throw new OnnxException(
          "the graph does not fit the signature "
              + signature.names()
              + ": "
              + String.join("; ", problems));
    }
  }
}
