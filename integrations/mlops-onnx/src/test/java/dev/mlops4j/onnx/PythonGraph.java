package dev.mlops4j.onnx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A graph, and what ONNX Runtime in Python predicts with it; src/test/python makes them. */
final class PythonGraph {

  final byte[] bytes;
  private final JsonNode vectors;

  PythonGraph(String name) {
    this.bytes = read(name + ".onnx");
    try {
      this.vectors = new ObjectMapper().readTree(read(name + ".json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] read(String file) {
    try (InputStream in = PythonGraph.class.getResourceAsStream(file)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  int rows() {
    return vectors.path("rows").size();
  }

  /** The row as a vector; text is its position in the list of its column. */
  double[] row(int row, List<String> categories) {
    JsonNode values = vectors.path("rows").get(row);
    double[] vector = new double[values.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = value(values.get(i), categories);
    }
    return vector;
  }

  private static double value(@Nullable JsonNode value, List<String> categories) {
    if (value == null || value.isNull()) {
      return Double.NaN;
    }
    return value.isTextual() ? categories.indexOf(value.textValue()) : value.doubleValue();
  }

  double[] outputs(int row) {
    JsonNode values = vectors.path("outputs").get(row);
    double[] outputs = new double[values.size()];
    for (int i = 0; i < outputs.length; i++) {
      outputs[i] = values.get(i).doubleValue();
    }
    return outputs;
  }
}
