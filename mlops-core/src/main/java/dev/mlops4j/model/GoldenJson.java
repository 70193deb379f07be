package dev.mlops4j.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code golden.json}: the golden rows, whose values come back as what they were, to the bit. */
final class GoldenJson {

  static final String PATH = "golden.json";

  private GoldenJson() {}

  static byte[] write(List<GoldenRow> rows) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ArrayNode list = root.putArray("rows");
    for (GoldenRow row : rows) {
      GoldenSample sample = row.sample();
      ObjectNode written = list.addObject();
      written.set("input", write(sample.input()));
      written.put("askedAt", sample.askedAt().toString());
      written.set("lookedUp", write(sample.lookedUp()));
      written.set("vector", write(sample.vector()));
      written.set("output", write(row.output()));
    }
    return JsonFile.write(root);
  }

  static List<GoldenRow> read(byte[] bytes, Signature signature) {
    List<GoldenRow> rows = new ArrayList<>();
    for (JsonObject row : JsonFile.read(PATH, bytes).objects("rows")) {
      GoldenSample sample =
          new GoldenSample(
              readValues(row, "input"),
              GoldenValues.instant(row, "askedAt"),
              readValues(row, "lookedUp"),
              readDoubles(row, "vector", signature.width()));
      rows.add(new GoldenRow(sample, readDoubles(row, "output", signature.output().width())));
    }
    return List.copyOf(rows);
  }

  private static ObjectNode write(Map<String, @Nullable Object> values) {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    values.forEach((name, value) -> node.set(name, GoldenValues.write(name, value)));
    return node;
  }

  private static ArrayNode write(double[] values) {
    ArrayNode node = JsonNodeFactory.instance.arrayNode();
    for (double value : values) {
      node.add(GoldenValues.write(value));
    }
    return node;
  }

  private static Map<String, @Nullable Object> readValues(JsonObject row, String name) {
    JsonObject object = row.object(name);
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : object.fields().entrySet()) {
      values.put(
          field.getKey(),
          field.getValue().isNull() ? null : GoldenValues.read(object, field.getKey()));
    }
    return values;
  }

  private static double[] readDoubles(JsonObject row, String name, int width) {
    JsonNode array = row.array(name);
    if (array.size() != width) {
      throw row.wrong(name, width + " numbers");
    }
    double[] values = new double[width];
    for (int i = 0; i < width; i++) {
      values[i] = GoldenValues.doubleValue(row, name, array.get(i));
    }
    return values;
  }
}
