package dev.mlops4j.serving;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** A directory that MLflow's Python saved a model to, from MLflow 2.9 on. */
final class MlflowDirectory {

  private static final Logger LOG = LoggerFactory.getLogger(MlflowDirectory.class);

  private static final String DESCRIPTION = "MLmodel";
  private static final Set<String> FLAVORS = Set.of("xgboost", "lightgbm", "onnx");
  private static final int MAX_BYTES = 4 << 20;
  private static final int MAX_EXAMPLES = 10;

  /** MLflow writes what is missing in a data frame as NaN. */
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS).build();

  private final Path directory;

  MlflowDirectory(Path directory) {
    this.directory = directory;
  }

  /**
   * The model that the directory describes.
   *
   * @throws ModelImportException if it describes none of a flavour that can be read
   */
  ModelFile file() {
    Map<?, ?> description = description();
    Map<?, ?> flavors = map(description, "flavors");
    String flavor =
        FLAVORS.stream()
            .filter(flavors::containsKey)
            .findFirst()
            .orElseThrow(
                () ->
                    new ModelImportException(
                        directory
                            + " is an MLflow model of the flavours "
                            + flavors.keySet()
                            + "; there are readers for xgboost, lightgbm and onnx. Log the model"
                            + " with mlflow.xgboost, mlflow.lightgbm or, exported, mlflow.onnx"));
    Map<?, ?> own = map(flavors, flavor);
    String data = text(own, "data");
    if (data == null) {
      throw new ModelImportException(
          DESCRIPTION + " in " + directory + " does not say where the model is");
    }
    String modelClass = text(own, "model_class");
    return new ModelFile(
        ModelFile.read(inside(data)),
        names(description),
        examples(description),
        modelClass != null && modelClass.startsWith("xgboost.sklearn") ? modelClass : null);
  }

  private Map<?, ?> description() {
    Path file = directory.resolve(DESCRIPTION);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new ModelImportException(
          directory
              + " has no file "
              + DESCRIPTION
              + ", so it is no directory of MLflow; give the model's file, or MLflow's directory"
              + " \"model\" itself");
    }
    LoadSettings settings =
        LoadSettings.builder()
            .setMaxAliasesForCollections(10)
            .setAllowDuplicateKeys(false)
            .setCodePointLimit(MAX_BYTES)
            .build();
    try {
      if (new Load(settings).loadFromString(small(file)) instanceof Map<?, ?> map) {
        return map;
      }
    } catch (YamlEngineException | StackOverflowError e) {
      throw new ModelImportException(file + " is no YAML that MLflow would write", e);
    }
    throw new ModelImportException(file + " is no YAML that MLflow would write");
  }

  private static String small(Path file) {
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw new ModelImportException(file + " is larger than " + MAX_BYTES + " bytes");
      }
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new ModelImportException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** A file of the directory, none that a path leads to elsewhere. */
  private Path inside(String path) {
    Path root = directory.toAbsolutePath().normalize();
    Path found = root.resolve(path).normalize();
    if (path.isEmpty() || !found.startsWith(root) || found.equals(root)) {
      throw new ModelImportException(
          DESCRIPTION
              + " in "
              + directory
              + " names the file \""
              + path
              + "\", which is not in it");
    }
    for (Path part = found; part != null && !part.equals(root); part = part.getParent()) {
      if (Files.isSymbolicLink(part)) {
        throw new ModelImportException(
            DESCRIPTION + " in " + directory + " names the file \"" + path + "\", which is a link");
      }
    }
    return found;
  }

  /** The columns of the signature; a signature of tensors has none. */
  private List<String> names(Map<?, ?> description) {
    if (!(description.get("signature") instanceof Map<?, ?> signature)) {
      return List.of();
    }
    String inputs = text(signature, "inputs");
    JsonNode columns = inputs == null ? null : json(inputs);
    List<String> names = new ArrayList<>();
    if (columns != null && columns.isArray()) {
      for (JsonNode column : columns) {
        if (!column.path("name").isTextual() || column.path("type").asText().equals("tensor")) {
          return List.of();
        }
        names.add(column.path("name").textValue());
      }
    }
    return names;
  }

  private List<Map<String, @Nullable Object>> examples(Map<?, ?> description) {
    if (!(description.get("saved_input_example_info") instanceof Map<?, ?> info)) {
      return List.of();
    }
    String path = text(info, "artifact_path");
    if (path == null || !"dataframe".equals(info.get("type"))) {
      LOG.info("the input example of {} is no data frame, so there are no golden rows", directory);
      return List.of();
    }
    JsonNode frame = json(small(inside(path)));
    JsonNode columns = frame.path("columns");
    JsonNode rows = frame.path("data");
    List<Map<String, @Nullable Object>> examples = new ArrayList<>();
    for (int row = 0; row < Math.min(rows.size(), MAX_EXAMPLES); row++) {
      Map<String, @Nullable Object> example = new LinkedHashMap<>();
      for (int i = 0; i < columns.size(); i++) {
        example.put(columns.get(i).asText(), value(rows.get(row).path(i)));
      }
      examples.add(example);
    }
    return examples;
  }

  private static @Nullable Object value(JsonNode value) {
    return switch (value.getNodeType()) {
      case NUMBER -> value.doubleValue();
      case BOOLEAN -> value.booleanValue();
      case STRING -> value.textValue();
      default -> null;
    };
  }

  private JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new ModelImportException(
          "the signature or input example in " + directory + " is no JSON", e);
    }
  }

  private Map<?, ?> map(Map<?, ?> parent, String name) {
    if (parent.get(name) instanceof Map<?, ?> map) {
      return map;
    }
    throw new ModelImportException(
        DESCRIPTION + " in " + directory + " has no \"" + name + "\" as MLflow writes it");
  }

  private static @Nullable String text(Map<?, ?> parent, String name) {
    return parent.get(name) instanceof String text ? text : null;
  }
}
