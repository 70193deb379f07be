package dev.mlops4j.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mlops4j.Digest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An object within a JSON file of a package; what is absent or of another type is reported. */
final class JsonObject {

  private final String file;
  private final String path;
  private final JsonNode node;

  private JsonObject(String file, String path, JsonNode node) {
    this.file = file;
    this.path = path;
    this.node = node;
  }

  static JsonObject of(String file, String path, @Nullable JsonNode node) {
    if (node == null || !node.isObject()) {
      throw wrong(file, path, "an object", node);
    }
    return new JsonObject(file, path, node);
  }

  String text(String name) {
    JsonNode value = node.get(name);
    if (value == null || !value.isTextual()) {
      throw wrong(name, "text");
    }
    return value.textValue();
  }

  @Nullable String optionalText(String name) {
    return has(name) ? text(name) : null;
  }

  Digest digest(String name) {
    String hex = text(name);
    try {
      return new Digest(hex);
    } catch (IllegalArgumentException e) {
      throw wrong(name, "a SHA-256 digest");
    }
  }

  @Nullable Digest optionalDigest(String name) {
    return has(name) ? digest(name) : null;
  }

  <E extends Enum<E>> E constant(String name, Class<E> type) {
    String text = text(name);
    try {
      return Enum.valueOf(type, text);
    } catch (IllegalArgumentException e) {
      throw wrong(name, "one of " + List.of(type.getEnumConstants()));
    }
  }

  long integer(String name) {
    JsonNode value = node.get(name);
    if (value == null || !value.isIntegralNumber() || !value.canConvertToLong()) {
      throw wrong(name, "an integer");
    }
    return value.longValue();
  }

  int smallInteger(String name) {
    long value = integer(name);
    if (value != (int) value) {
      throw wrong(name, "a 32-bit integer");
    }
    return (int) value;
  }

  JsonObject object(String name) {
    return of(file, path(name), node.get(name));
  }

  List<JsonObject> objects(String name) {
    List<JsonObject> objects = new ArrayList<>();
    for (JsonNode element : array(name)) {
      objects.add(of(file, path(name) + "[" + objects.size() + "]", element));
    }
    return objects;
  }

  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    for (JsonNode element : array(name)) {
      if (!element.isTextual()) {
        throw wrong(name, "a list of texts");
      }
      texts.add(element.textValue());
    }
    return texts;
  }

  JsonNode array(String name) {
    JsonNode value = node.get(name);
    if (value == null || !value.isArray()) {
      throw wrong(name, "a list");
    }
    return value;
  }

  /** The fields in their order. */
  Map<String, JsonNode> fields() {
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    node.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
    return fields;
  }

  /** What to throw when the field of this name is not what was expected. */
  CorruptPackageException wrong(String name, String expected) {
    return wrong(file, path(name), expected, node.get(name));
  }

  private boolean has(String name) {
    JsonNode value = node.get(name);
    return value != null && !value.isNull();
  }

  private String path(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private static CorruptPackageException wrong(
      String file, String path, String expected, @Nullable JsonNode found) {
    return new CorruptPackageException(
        file
            + " of the model package should have "
            + expected
            + (path.isEmpty() ? "" : " at \"" + path + "\"")
            + ", found "
            + (found == null ? "nothing" : "a JSON " + found.getNodeType())
            + "; fetch the package again or use another version");
  }
}
