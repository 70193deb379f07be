package dev.mlops4j.http;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** JSON in and out. */
final class Json {

  private static final int MAX_EXCERPT = 120;

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Json() {}

  /** The object in the first bytes of a body. */
  static JsonNode object(byte[] body, int length) {
    JsonNode node = read(body, length);
    if (!node.isObject()) {
      throw HttpProblem.badRequest("the body is a JSON object, found " + node.getNodeType());
    }
    return node;
  }

  private static JsonNode read(byte[] body, int length) {
    try {
      return MAPPER.readTree(body, 0, length);
    } catch (JsonProcessingException e) {
      throw HttpProblem.badRequest("the body is no JSON: " + excerpt(e.getOriginalMessage()));
    } catch (IOException e) {
      throw HttpProblem.badRequest("the body cannot be read");
    }
  }

  /** How many elements the array in a body has, counted without keeping it; 1 if it is no array. */
  static int elements(byte[] body) {
    int count = 0;
    int depth = 0;
    try (JsonParser parser = MAPPER.createParser(body)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        return 1;
      }
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isStructEnd()) {
          depth--;
        } else if (depth == 0 && token != JsonToken.FIELD_NAME) {
          count++;
        }
        if (token.isStructStart()) {
          depth++;
        }
      }
      return count;
    } catch (JsonProcessingException e) {
      throw HttpProblem.badRequest("the body is no JSON: " + excerpt(e.getOriginalMessage()));
    } catch (IOException e) {
      throw HttpProblem.badRequest("the body cannot be read");
    }
  }

  static ObjectNode newObject() {
    return MAPPER.createObjectNode();
  }

  static ArrayNode newArray() {
    return MAPPER.createArrayNode();
  }

  static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A single value as Java has it; null for null. */
  static @Nullable Object scalar(String what, JsonNode value) {
    return switch (value.getNodeType()) {
      case BOOLEAN -> value.booleanValue();
      case NUMBER -> value.numberValue();
      case STRING -> value.textValue();
      case NULL -> null;
      default ->
          throw HttpProblem.badRequest(what + " holds single values, found " + value.getNodeType());
    };
  }

  /** A single value, or an array of them as a list, as Java has it; null for null. */
  static @Nullable Object value(String what, JsonNode value) {
    if (!value.isArray()) {
      return scalar(what, value);
    }
    List<@Nullable Object> elements = new ArrayList<>(value.size());
    value.forEach(element -> elements.add(scalar(what, element)));
    return elements;
  }

  /** JSON has neither NaN nor infinities: they are null. */
  static void add(ArrayNode array, double value) {
    if (Double.isFinite(value)) {
      array.add(value);
    } else {
      array.addNull();
    }
  }

  static String excerpt(String text) {
    return text.length() <= MAX_EXCERPT ? text : text.substring(0, MAX_EXCERPT) + "…";
  }
}
