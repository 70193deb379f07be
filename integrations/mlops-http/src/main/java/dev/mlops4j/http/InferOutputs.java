package dev.mlops4j.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Task;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Predictions as the output tensors of an inference: {@code predict}, FP64, the number or the
 * probability, or BYTES, the label of a multiclass model; of such a one {@code probabilities} too,
 * FP64 in the order of the labels; and {@code prediction_id}, BYTES, if it is asked for.
 */
final class InferOutputs {

  static final String PREDICT = "predict";
  static final String PROBABILITIES = "probabilities";
  static final String PREDICTION_ID = "prediction_id";

  private final List<Prediction> predictions;
  private final ArrayNode outputs = Json.newArray();
  private final ByteArrayOutputStream binary = new ByteArrayOutputStream();

  InferOutputs(List<Prediction> predictions) {
    this.predictions = predictions;
  }

  /** The outputs that there are, and what they are in the metadata of a model. */
  static ArrayNode metadata(Signature signature) {
    boolean classes = signature.output().task() == Task.MULTICLASS;
    ArrayNode outputs = Json.newArray();
    add(outputs, PREDICT, classes ? Datatype.BYTES : Datatype.FP64, -1);
    if (classes) {
      add(outputs, PROBABILITIES, Datatype.FP64, -1, signature.output().labels().size());
    }
    add(outputs, PREDICTION_ID, Datatype.BYTES, -1);
    return outputs;
  }

  private static void add(ArrayNode outputs, String name, Datatype type, int... shape) {
    ArrayNode sizes =
        outputs.addObject().put("name", name).put("datatype", type.name()).putArray("shape");
    for (int size : shape) {
      sizes.add(size);
    }
  }

  /**
   * Writes the outputs that a request asks for.
   *
   * @param request its JSON
   * @throws HttpProblem if it asks for what there is not
   */
  void write(JsonNode request) {
    boolean allBinary = request.path("parameters").path("binary_data_output").asBoolean(false);
    Map<String, Boolean> asked = new LinkedHashMap<>();
    JsonNode named = request.path("outputs");
    if (named.isArray() && !named.isEmpty()) {
      for (JsonNode output : named) {
        asked.put(
            output.path("name").asText(),
            output.path("parameters").path("binary_data").asBoolean(allBinary));
      }
    } else {
      asked.put(PREDICT, allBinary);
      if (isMulticlass()) {
        asked.put(PROBABILITIES, allBinary);
      }
    }
    asked.forEach(this::write);
  }

  private boolean isMulticlass() {
    return predictions.get(0).signature().output().task() == Task.MULTICLASS;
  }

  private void write(String name, boolean asBinary) {
    if (name.equals(PREDICTION_ID)) {
      texts(name, predictions.stream().map(Prediction::id).toList(), asBinary);
    } else if (name.equals(PREDICT) && isMulticlass()) {
      texts(name, predictions.stream().map(Prediction::label).toList(), asBinary);
    } else if (name.equals(PREDICT)) {
      numbers(name, 1, asBinary);
    } else if (name.equals(PROBABILITIES) && isMulticlass()) {
      numbers(name, predictions.get(0).output().length, asBinary);
    } else {
      throw HttpProblem.badRequest(
          "there is no output \""
              + Json.excerpt(name)
              + "\"; there are "
              + PREDICT
              + (isMulticlass() ? ", " + PROBABILITIES : "")
              + ", "
              + PREDICTION_ID);
    }
  }

  private void numbers(String name, int width, boolean asBinary) {
    ObjectNode output = output(name, Datatype.FP64);
    if (width > 1) {
      output.withArray("shape").add(width);
    }
    if (asBinary) {
      ByteBuffer bytes =
          ByteBuffer.allocate(predictions.size() * width * Double.BYTES)
              .order(ByteOrder.LITTLE_ENDIAN);
      predictions.forEach(
          prediction -> {
            for (int i = 0; i < width; i++) {
              bytes.putDouble(prediction.output()[i]);
            }
          });
      append(output, bytes.array());
    } else {
      ArrayNode data = output.putArray("data");
      predictions.forEach(
          prediction -> {
            for (int i = 0; i < width; i++) {
              Json.add(data, prediction.output()[i]);
            }
          });
    }
  }

  private void texts(String name, List<String> texts, boolean asBinary) {
    ObjectNode output = output(name, Datatype.BYTES);
    if (asBinary) {
      List<byte[]> encoded = new ArrayList<>();
      int size = 0;
      for (String text : texts) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        encoded.add(bytes);
        size += Integer.BYTES + bytes.length;
      }
      ByteBuffer all = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
      encoded.forEach(bytes -> all.putInt(bytes.length).put(bytes));
      append(output, all.array());
    } else {
      ArrayNode data = output.putArray("data");
      texts.forEach(data::add);
    }
  }

  private ObjectNode output(String name, Datatype type) {
    ObjectNode output = outputs.addObject().put("name", name).put("datatype", type.name());
    output.putArray("shape").add(predictions.size());
    return output;
  }

  private void append(ObjectNode output, byte[] bytes) {
    output.putObject("parameters").put("binary_data_size", bytes.length);
    binary.writeBytes(bytes);
  }

  ArrayNode json() {
    return outputs;
  }

  /** The bytes after the JSON; empty if no output is binary. */
  byte[] binary() {
    return binary.toByteArray();
  }
}
