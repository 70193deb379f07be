package dev.mlops4j.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.mlops4j.data.Floats;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Single values in {@code golden.json}. A value of a map is an object of its type's name and the
 * value, such as {@code {"int64": 7}}, or null. A finite double is a JSON number, whose shortest
 * decimal form comes back to the bit; others are text: {@code "NaN"}, {@code "Infinity"}, {@code
 * "-Infinity"}, and a NaN of other bits as these in hexadecimal, {@code "0x7ff8000000000001"}. An
 * array of floats is one of these: each float is a double.
 */
final class GoldenValues {

  private static final String FLOAT64 = "float64";
  private static final String INT64 = "int64";
  private static final String BOOLEAN = "boolean";
  private static final String STRING = "string";
  private static final String TIMESTAMP = "timestamp";
  private static final String FLOATS = "floats";
  private static final String HEX = "0x";
  private static final long CANONICAL_NAN = Double.doubleToLongBits(Double.NaN);

  private GoldenValues() {}

  static JsonNode write(String name, @Nullable Object value) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (value == null) {
      return nodes.nullNode();
    }
    if (value instanceof Double number) {
      return nodes.objectNode().set(FLOAT64, write(number.doubleValue()));
    }
    if (value instanceof Long number) {
      return nodes.objectNode().put(INT64, number);
    }
    if (value instanceof Boolean truth) {
      return nodes.objectNode().put(BOOLEAN, truth);
    }
    if (value instanceof String text) {
      return nodes.objectNode().put(STRING, text);
    }
    if (value instanceof Instant instant) {
      return nodes.objectNode().put(TIMESTAMP, instant.toString());
    }
    if (value instanceof Floats floats) {
      ArrayNode elements = nodes.arrayNode(floats.length());
      for (int i = 0; i < floats.length(); i++) {
        elements.add(write(floats.at(i)));
      }
      return nodes.objectNode().set(FLOATS, elements);
    }
    throw new IllegalArgumentException(
        "the golden value of \""
            + name
            + "\" is a "
            + value.getClass().getName()
            + "; it should be a Double, Long, Boolean, String, Instant or Floats");
  }

  static JsonNode write(double value) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    if (Double.isFinite(value)) {
      return nodes.numberNode(value);
    }
    long bits = Double.doubleToRawLongBits(value);
    boolean named = !Double.isNaN(value) || bits == CANONICAL_NAN;
    return nodes.textNode(named ? Double.toString(value) : HEX + Long.toHexString(bits));
  }

  /** The value of a field that is not null. */
  static Object read(JsonObject object, String name) {
    Map<String, JsonNode> fields = object.object(name).fields();
    if (fields.size() != 1) {
      throw object.wrong(name, "an object of one field");
    }
    String type = fields.keySet().iterator().next();
    JsonObject value = object.object(name);
    return switch (type) {
      case FLOAT64 -> doubleValue(value, FLOAT64, fields.get(FLOAT64));
      case INT64 -> value.integer(INT64);
      case BOOLEAN -> booleanValue(value, fields.get(BOOLEAN));
      case STRING -> value.text(STRING);
      case TIMESTAMP -> instant(value, TIMESTAMP);
      case FLOATS -> floats(value, fields.get(FLOATS));
      default -> throw object.wrong(name, "a value of a known type and not of \"" + type + "\"");
    };
  }

  static Instant instant(JsonObject object, String name) {
    String text = object.text(name);
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw object.wrong(name, "an instant");
    }
  }

  static double doubleValue(JsonObject object, String name, @Nullable JsonNode node) {
    if (node != null && node.isNumber()) {
      return node.doubleValue();
    }
    String text = node == null ? null : node.textValue();
    try {
      if (text != null) {
        return text.startsWith(HEX)
            ? Double.longBitsToDouble(Long.parseUnsignedLong(text.substring(HEX.length()), 16))
            : Double.parseDouble(text);
      }
    } catch (NumberFormatException e) {
      throw object.wrong(name, "numbers");
    }
    throw object.wrong(name, "numbers");
  }

  private static Floats floats(JsonObject object, @Nullable JsonNode node) {
    if (node == null || !node.isArray()) {
      throw object.wrong(FLOATS, "an array of numbers");
    }
    float[] values = new float[node.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) doubleValue(object, FLOATS, node.get(i));
    }
    return Floats.of(values);
  }

  private static boolean booleanValue(JsonObject object, @Nullable JsonNode node) {
    if (node == null || !node.isBoolean()) {
      throw object.wrong(BOOLEAN, "true or false");
    }
    return node.booleanValue();
  }
}
