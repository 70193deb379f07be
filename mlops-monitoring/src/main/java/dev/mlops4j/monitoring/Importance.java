package dev.mlops4j.monitoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How much the inputs of a version mattered.
 *
 * @param measure what the numbers are, such as {@code gain}; empty if it is not known
 * @param byInput the share of each input in the sum of all
 */
record Importance(String measure, Map<String, Double> byInput) {

  static final Importance UNKNOWN = new Importance("", Map.of());

  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  /** Reads the artifact of a run; unknown if it is not that. */
  static Importance read(byte[] json) {
    try {
      JsonNode root = MAPPER.readTree(json);
      Map<String, Double> numbers = new LinkedHashMap<>();
      double sum = 0;
      for (JsonNode input : root.path("inputs")) {
        double number = input.path("importance").asDouble(0);
        if (number > 0 && Double.isFinite(number)) {
          numbers.put(input.path("name").asText(), number);
          sum += number;
        } else {
          numbers.put(input.path("name").asText(), 0.0);
        }
      }
      double all = sum;
      numbers.replaceAll((name, number) -> all > 0 ? number / all : 0);
      return new Importance(root.path("measure").asText(), numbers);
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  boolean isKnown() {
    return !byInput.isEmpty();
  }

  /** The share of an input, 0 if it is not listed; NaN if none is known. */
  double of(String input) {
    return isKnown() ? byInput.getOrDefault(input, 0.0) : Double.NaN;
  }

  /** The greatest share of an input; 1 if none is known. */
  double greatest() {
    return byInput.values().stream().mapToDouble(Double::doubleValue).max().orElse(1);
  }
}
