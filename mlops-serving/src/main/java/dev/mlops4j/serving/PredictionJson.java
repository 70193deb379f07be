package dev.mlops4j.serving;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.model.Prediction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Requests and predictions in JSON. */
final class PredictionJson {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private PredictionJson() {}

  static String predict(UntypedPredictor predictor, String json) {
    JsonNode request = parse(json);
    try {
      if (request.isArray()) {
        ArrayNode answers = JSON.createArrayNode();
        predictor.predictAll(rows(request)).forEach(one -> answers.add(written(one)));
        return JSON.writeValueAsString(answers);
      }
      RequestProblems problems = new RequestProblems();
      Map<String, @Nullable Object> columns = columns(request, "the request", problems);
      problems.throwIfAny();
      return JSON.writeValueAsString(written(predictor.predict(columns)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw new InvalidRequestException(
          List.of("it is no JSON: " + RequestProblems.excerpt(e.getOriginalMessage())));
    }
  }

  private static List<Map<String, @Nullable Object>> rows(JsonNode array) {
    RequestProblems problems = new RequestProblems();
    List<Map<String, @Nullable Object>> rows = new ArrayList<>(array.size());
    for (int row = 0; row < array.size(); row++) {
      rows.add(columns(array.get(row), "row " + row, problems));
    }
    problems.throwIfAny();
    return rows;
  }

  private static Map<String, @Nullable Object> columns(
      JsonNode object, String what, RequestProblems problems) {
    Map<String, @Nullable Object> columns = new HashMap<>();
    if (!object.isObject()) {
      problems.add(what + " is an object of columns, found " + object.getNodeType());
      return columns;
    }
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      JsonNode value = field.getValue();
      if (value.isArray()) {
        columns.put(field.getKey(), elements(value));
      } else if (value.isObject()) {
        problems.add(
            what
                + ": \""
                + RequestProblems.excerpt(field.getKey())
                + "\" is a single value or an array of numbers, found "
                + value.getNodeType());
      } else {
        columns.put(field.getKey(), scalar(value));
      }
    }
    return columns;
  }

  private static List<@Nullable Object> elements(JsonNode array) {
    List<@Nullable Object> elements = new ArrayList<>(array.size());
    array.forEach(element -> elements.add(scalar(element)));
    return elements;
  }

  private static @Nullable Object scalar(JsonNode value) {
    return switch (value.getNodeType()) {
      case BOOLEAN -> value.booleanValue();
      case NUMBER -> value.numberValue();
      case STRING -> value.textValue();
      default -> null;
    };
  }

  private static ObjectNode written(Prediction prediction) {
    ObjectNode object =
        JSON.createObjectNode()
            .put("id", prediction.id())
            .put("model", prediction.model())
            .put("version", prediction.version())
            .put("arm", prediction.arm());
    if (prediction.signature().output().labels().isEmpty()) {
      number(object, "value", prediction.value());
    } else {
      object.put("label", prediction.label());
      ObjectNode probabilities = object.putObject("probabilities");
      prediction.probabilities().forEach((label, share) -> number(probabilities, label, share));
    }
    return object;
  }

  /** JSON has no NaN and no infinities. */
  private static void number(ObjectNode object, String name, double value) {
    if (Double.isFinite(value)) {
      object.put(name, value);
    } else {
      object.putNull(name);
    }
  }
}
