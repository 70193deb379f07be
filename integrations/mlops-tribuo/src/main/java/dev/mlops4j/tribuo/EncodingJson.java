package dev.mlops4j.tribuo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** {@code encoding.json}: how the inputs become features. Categories are in the signature. */
final class EncodingJson {

  static final String FILE = "encoding.json";
  private static final int FORMAT_VERSION = 1;
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  private EncodingJson() {}

  static byte[] write(List<InputEncoding> encodings, TargetScale target) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    root.put("formatVersion", FORMAT_VERSION);
    ArrayNode inputs = root.putArray("inputs");
    for (InputEncoding encoding : encodings) {
      inputs
          .addObject()
          .put("name", encoding.input().name())
          .put("mean", encoding.mean())
          .put("scale", encoding.scale())
          .put("missing", encoding.missing());
    }
    if (!target.equals(TargetScale.NONE)) {
      root.putObject("target").put("mean", target.mean()).put("scale", target.scale());
    }
    try {
      return MAPPER.writeValueAsBytes(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }

  /** How the target of a regression is scaled; not at all if the file does not say. */
  static TargetScale readTarget(byte[] bytes) {
    JsonNode target = tree(bytes).path("target");
    if (target.isMissingNode()) {
      return TargetScale.NONE;
    }
    double mean = target.path("mean").asDouble(Double.NaN);
    double scale = target.path("scale").asDouble(Double.NaN);
    if (!(Double.isFinite(mean) && Double.isFinite(scale) && scale > 0)) {
      throw wrong("a mean and a scale of the target", target.toString());
    }
    return new TargetScale(mean, scale);
  }

  private static JsonNode tree(byte[] bytes) {
    try {
      return MAPPER.readTree(bytes);
    } catch (IOException e) {
      throw new TribuoException(
          FILE + " is not JSON (" + e.getMessage() + "); use another version of the model", e);
    }
  }

  static List<InputEncoding> read(byte[] bytes, Signature signature) {
    JsonNode root = tree(bytes);
    if (root.path("formatVersion").asInt() != FORMAT_VERSION) {
      throw new TribuoException(
          FILE
              + " should have format version "
              + FORMAT_VERSION
              + ", found "
              + root.path("formatVersion")
              + "; use the library that wrote it, or a later one");
    }
    JsonNode inputs = root.path("inputs");
    if (inputs.size() != signature.width()) {
      throw wrong(signature.width() + " inputs", inputs.size() + " inputs");
    }
    List<InputEncoding> encodings = new ArrayList<>();
    for (JsonNode node : inputs) {
      encodings.add(read(node, signature.inputs().get(encodings.size())));
    }
    return encodings;
  }

  private static InputEncoding read(JsonNode node, Input input) {
    double mean = node.path("mean").asDouble(Double.NaN);
    double scale = node.path("scale").asDouble(Double.NaN);
    boolean right =
        node.path("name").asText().equals(input.name())
            && node.path("missing").isBoolean()
            && Double.isFinite(mean)
            && Double.isFinite(scale)
            && scale > 0;
    if (!right) {
      throw wrong("a mean and a scale of \"" + input.name() + "\"", node.toString());
    }
    return new InputEncoding(input, mean, scale, node.path("missing").booleanValue());
  }

  private static TribuoException wrong(String expected, String found) {
    return new TribuoException(
        FILE
            + " should have "
            + expected
            + ", found "
            + found
            + "; the package is put together wrongly, use another version of the model");
  }
}
