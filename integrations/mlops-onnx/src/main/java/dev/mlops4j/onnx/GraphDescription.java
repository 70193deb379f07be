package dev.mlops4j.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.mlops4j.model.ModelDescription;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.InputType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** What a graph says of itself. */
final class GraphDescription {

  private GraphDescription() {}

  /**
   * Describes a graph.
   *
   * @throws OnnxException if ONNX Runtime cannot load it, or it takes what is not fed here
   */
  static ModelDescription of(byte[] bytes, OnnxOptions options) {
    try (OrtSession session = OnnxModel.open(bytes, options)) {
      Map<String, NodeInfo> graph = session.getInputInfo();
      List<Input> inputs = graph.size() == 1 ? ofMatrix(graph) : ofColumns(graph);
      return new ModelDescription(
          OnnxModel.FORMAT, OnnxModel.FILE, inputs, graph.size() > 1, null, 0, List.of(), 0, 0);
    } catch (OrtException e) {
      throw new OnnxException("ONNX Runtime cannot describe the graph: " + e.getMessage(), e);
    }
  }

  /** One tensor of rows, whose columns have no names; or of one column, which has one. */
  private static List<Input> ofMatrix(Map<String, NodeInfo> graph) {
    Map.Entry<String, NodeInfo> only = graph.entrySet().iterator().next();
    TensorInfo tensor = tensor(only.getKey(), only.getValue());
    long[] shape = tensor.getShape();
    if (shape.length != 2 || shape[1] < 1) {
      throw new OnnxException(
          "the graph does not say how many columns its input \""
              + only.getKey()
              + "\" has; export it with a fixed second dimension");
    }
    List<Input> inputs = new ArrayList<>();
    for (int i = 0; i < shape[1]; i++) {
      inputs.add(Input.numeric("f" + i));
    }
    return inputs;
  }

  private static List<Input> ofColumns(Map<String, NodeInfo> graph) {
    List<Input> inputs = new ArrayList<>();
    graph.forEach(
        (name, node) ->
            inputs.add(
                tensor(name, node).type == OnnxJavaType.STRING
                    ? new Input(name, InputType.CATEGORICAL, List.of())
                    : Input.numeric(name)));
    return inputs;
  }

  private static TensorInfo tensor(String name, NodeInfo node) {
    if (node.getInfo() instanceof TensorInfo tensor) {
      return tensor;
    }
    throw new OnnxException("the graph's input \"" + name + "\" is no tensor");
  }
}
