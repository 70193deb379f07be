package dev.mlops4j.xgboost;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mlops4j.model.Signature;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.XGBoostError;

/**
 * The gain of each input: by how much its splits reduce the loss, the mean over its splits in all
 * trees, as XGBoost's importance type {@code gain} has it.
 */
final class GainImportance {

  private static final JsonMapper MAPPER = JsonMapper.builder().build();
  private static final String NAME = "f";

  private final double[] gains;
  private final long[] splits;

  private GainImportance(int inputs) {
    this.gains = new double[inputs];
    this.splits = new long[inputs];
  }

  static Map<String, Double> of(Booster booster, Signature signature) throws XGBoostError {
    GainImportance importance = new GainImportance(signature.width());
    // Names of our own: XGBoost writes those of the data into its dump as they are.
    String[] names =
        IntStream.range(0, signature.width()).mapToObj(i -> NAME + i).toArray(String[]::new);
    for (String tree : booster.getModelDump(names, true, "json")) {
      try {
        importance.add(MAPPER.readTree(tree));
      } catch (JsonProcessingException e) {
        throw new XgBoostException("XGBoost's dump of the model is not JSON: " + e.getMessage(), e);
      }
    }
    return importance.means(signature);
  }

  private void add(JsonNode node) {
    if (node.has("split")) {
      int input = Integer.parseInt(node.get("split").asText().substring(NAME.length()));
      gains[input] += node.get("gain").asDouble();
      splits[input]++;
      node.get("children").forEach(this::add);
    }
  }

  private Map<String, Double> means(Signature signature) {
    Map<String, Double> means = new LinkedHashMap<>();
    for (int i = 0; i < gains.length; i++) {
      means.put(signature.names().get(i), splits[i] == 0 ? 0 : gains[i] / splits[i]);
    }
    return means;
  }
}
