package dev.mlops4j.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The file {@code MLmodel} of a package, by which MLflow's Python loads it: {@code
 * mlflow.pyfunc.load_model(directory)}. Written for the formats that Python's own libraries read;
 * in JSON, which is YAML.
 */
final class MlflowFile {

  static final String PATH = "MLmodel";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, Flavor> FLAVORS =
      Map.of(
          "xgboost-ubj", new Flavor("xgboost", "model.ubj", "xgboost.core.Booster", "ubj"),
          "xgboost-json", new Flavor("xgboost", "model.json", "xgboost.core.Booster", "json"),
          "lightgbm-text", new Flavor("lightgbm", "model.txt", "lightgbm.basic.Booster", null),
          "onnx", new Flavor("onnx", "model.onnx", null, null));

  private MlflowFile() {}

  /** The file for a model of this format, if MLflow's Python can load it. */
  static Optional<byte[]> of(String format, Signature signature, SortedMap<String, byte[]> files) {
    Flavor flavor = FLAVORS.get(format);
    if (flavor == null || !files.containsKey(flavor.data)) {
      return Optional.empty();
    }
    ObjectNode file = JSON.createObjectNode();
    ObjectNode flavors = file.putObject("flavors");
    ObjectNode function =
        flavors
            .putObject("python_function")
            .put("loader_module", "mlflow." + flavor.name)
            .put("data", flavor.data);
    ObjectNode own = flavors.putObject(flavor.name).put("data", flavor.data).putNull("code");
    if (flavor.modelClass != null) {
      own.put("model_class", flavor.modelClass);
    }
    if (flavor.modelFormat != null) {
      own.put("model_format", flavor.modelFormat);
    }
    if (flavor.name.equals("onnx")) {
      ArrayNode providers = own.putArray("providers").add("CPUExecutionProvider");
      function.set("providers", providers);
    }
    file.putObject("signature").put("inputs", inputs(signature)).putNull("params");
    return Optional.of(bytes(file));
  }

  /** Columns of doubles: a category is given by its code, as the model has learned it. */
  private static String inputs(Signature signature) {
    ArrayNode columns = JSON.createArrayNode();
    signature
        .names()
        .forEach(
            name ->
                columns.addObject().put("type", "double").put("name", name).put("required", true));
    return columns.toString();
  }

  private static byte[] bytes(ObjectNode file) {
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(file);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What MLflow calls a library, and how it is told where the model is. */
  private record Flavor(
      String name, String data, @Nullable String modelClass, @Nullable String modelFormat) {}
}
