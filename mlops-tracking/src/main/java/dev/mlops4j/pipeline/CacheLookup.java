package dev.mlops4j.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The rules by which an output that was kept is taken or not. */
final class CacheLookup {

  private CacheLookup() {}

  static boolean isYoung(Step<?> step, Instant at, Instant now) {
    Duration most = step.settings().maxAge();
    return most == null || !at.isBefore(now.minus(most));
  }

  /** Whether other code made it than the step has now; false if one of them is not known. */
  static boolean isOfOtherCode(Step<?> step, String code) {
    String now = step.work().code();
    return !code.isEmpty() && !now.isEmpty() && !code.equals(now);
  }

  static String parts(StepKey key) {
    return StepJson.write("a key", new LinkedHashMap<>(key.parts()));
  }

  /** The parts of a key that were written; null if they cannot be read. */
  static @Nullable Map<String, String> parts(String written) {
    try {
      Map<String, String> parts = new LinkedHashMap<>();
      for (Map.Entry<String, JsonNode> part : StepJson.tree(written).properties()) {
        parts.put(part.getKey(), part.getValue().asText());
      }
      return parts;
    } catch (JsonProcessingException e) {
      return null;
    }
  }
}
