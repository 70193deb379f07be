package dev.mlops4j.tracking;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.Map;

/** How much the inputs of a model mattered, as a file: the greatest first, equal ones by name. */
final class ImportanceJson {

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private ImportanceJson() {}

  static byte[] write(String measure, Map<String, Double> byInput) {
    ObjectNode root = MAPPER.createObjectNode();
    root.put("measure", measure);
    ArrayNode inputs = root.putArray("inputs");
    Comparator<Map.Entry<String, Double>> greatestFirst =
        Map.Entry.<String, Double>comparingByValue().reversed();
    byInput.entrySet().stream()
        .sorted(greatestFirst.thenComparing(Map.Entry.comparingByKey()))
        .forEach(
            input ->
                inputs.addObject().put("name", input.getKey()).put("importance", input.getValue()));
    try {
      return MAPPER.writeValueAsBytes(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can always be written", e);
    }
  }
}
