package dev.mlops4j.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Schema;
import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.Target;
import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.model.ModelLoadException;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.Signature.InputType;
import dev.mlops4j.model.Signature.Output;
import dev.mlops4j.model.Signature.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The directories are real ones, and the numbers Python's; see {@code mlflow_models.py}. */
class ModelImportTest {

  private static final Path MLFLOW = Path.of("src/test/resources/dev/mlops4j/serving/mlflow");

  record Flight(double distance, double hour, Double wind, boolean late) {}

  private static final FeatureSet<Flight> FEATURES =
      FeatureSet.named("flight", Flight.class)
          .numeric("hour", Flight::hour)
          .numeric("distance", Flight::distance)
          .numericOrMissing("wind", Flight::wind)
          .build();

  private static final List<Flight> FLIGHTS =
      List.of(
          new Flight(500, 8, 3.0, false),
          new Flight(1000, 17, null, true),
          new Flight(900, 9, 12.5, true));

  @TempDir Path directory;

  private static JsonNode python(String name) {
    try {
      return new ObjectMapper().readTree(MLFLOW.resolve(name + ".json").toFile());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Map<String, Object>> rows(JsonNode python) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (JsonNode row : python.path("rows")) {
      Map<String, Object> columns = new LinkedHashMap<>();
      row.properties()
          .forEach(
              e -> columns.put(e.getKey(), e.getValue().isNull() ? null : e.getValue().asDouble()));
      rows.add(columns);
    }
    return rows;
  }

  private static void predictsLikePython(ModelPackage imported, String name) {
    JsonNode python = python(name);
    try (Predictor<Map<String, Object>> predictor =
        Predictor.ofInputs().serve("m", imported).build()) {
      List<Prediction> predictions = predictor.predictAll(rows(python));
      for (int row = 0; row < predictions.size(); row++) {
        double[] found = predictions.get(row).output();
        JsonNode expected = python.path("outputs").get(row);
        assertThat(found).hasSize(expected.size());
        for (int i = 0; i < found.length; i++) {
          double wanted = expected.get(i).doubleValue();
          assertThat(found[i]).isCloseTo(wanted, within(1e-6 * Math.max(1, Math.abs(wanted))));
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2.9-xgboost-json",
        "2.9-xgboost-ubj",
        "2.9-lightgbm",
        "2.22-xgboost-json",
        "2.22-xgboost-ubj",
        "2.22-lightgbm",
        "2.22-xgboost-classifier",
        "3.4-xgboost-json",
        "3.4-xgboost-ubj",
        "3.4-lightgbm",
        "3.4-xgboost-classifier"
      })
  void aDirectoryOfMlflowBecomesAPackageThatPredictsAsPythonDoes(String name) {
    ModelPackage imported = ModelImport.of(MLFLOW.resolve(name)).read();

    assertThat(imported.manifest().signature().names()).containsExactly("distance", "hour", "wind");
    assertThat(imported.manifest().featureFingerprint()).isNull();
    assertThat(imported.manifest().signature().output().task())
        .isEqualTo(
            name.contains("classifier")
                ? Task.MULTICLASS
                : name.contains("lightgbm") ? Task.REGRESSION : Task.BINARY);
    predictsLikePython(imported, name);
    imported.writeTo(directory.resolve("package"));
    predictsLikePython(ModelPackage.read(directory.resolve("package")), name);
  }

  @Test
  void mlflowsInputExampleGivesTheGoldenRows() {
    ModelPackage imported = ModelImport.of(MLFLOW.resolve("2.22-lightgbm")).read();

    assertThat(imported.goldenRows()).hasSize(3);
    assertThat(imported.goldenRows().get(0).sample().input()).isEmpty();
    assertThat(imported.goldenRows().get(0).output()[0])
        .isCloseTo(python("2.22-lightgbm").at("/outputs/0/0").doubleValue(), within(1e-9));
  }

  @Test
  void aBareFileIsReadByItsContentWhateverItsName() throws IOException {
    for (String name : List.of("2.22-xgboost-json", "2.22-xgboost-ubj", "2.22-lightgbm")) {
      try (var files = Files.list(MLFLOW.resolve(name))) {
        Path model =
            files
                .filter(file -> file.getFileName().toString().startsWith("model."))
                .findFirst()
                .orElseThrow();
        Path copy = Files.copy(model, directory.resolve(name + ".bin"));
        predictsLikePython(ModelImport.of(copy).output(output(name)).read(), name);
      }
    }
  }

  private static Output output(String name) {
    return name.contains("lightgbm") ? Output.regression("minutes") : Output.binary("late");
  }

  @Test
  void featuresGiveNamesTypesAndTheFingerprint() {
    ModelPackage imported =
        ModelImport.of(MLFLOW.resolve("3.4-xgboost-ubj"))
            .output(Output.binary("late"))
            .features(FEATURES)
            .read();

    assertThat(imported.manifest().featureFingerprint()).isEqualTo(FEATURES.fingerprint());
    try (Predictor<Flight> predictor = Predictor.of(FEATURES).serve("late", imported).build()) {
      assertThat(predictor.predict(FLIGHTS.get(1)).vector()[1]).isEqualTo(17);
    }
  }

  @Test
  void aTrainingSetGivesGoldenRequestsProfileAndLineage() {
    TrainingSet training = TrainingSet.of(FEATURES, FLIGHTS, Target.binary("late", Flight::late));
    ModelPackage imported =
        ModelImport.of(MLFLOW.resolve("3.4-xgboost-ubj")).training(training).read();

    assertThat(imported.manifest().featureFingerprint()).isEqualTo(FEATURES.fingerprint());
    assertThat(imported.manifest().datasets())
        .containsExactly(training.reference("training").withoutDetails());
    assertThat(imported.goldenRows()).hasSizeGreaterThanOrEqualTo(3);
    assertThat(imported.goldenRows().get(0).sample().input()).containsKey("distance");
    assertThat(imported.referenceProfile().overall().rowCount()).isEqualTo(3);
    assertThat(imported.referenceProfile().overall().contains("prediction")).isTrue();
    try (Predictor<Flight> predictor = Predictor.of(FEATURES).serve("late", imported).build()) {
      assertThat(predictor.predict(FLIGHTS.get(0)).vector()).containsExactly(500, 8, 3);
    }
  }

  @Test
  void aDatasetIsProfiled() {
    DatasetBuilder rows =
        Dataset.builder(
            Schema.builder()
                .optional("distance", ColumnType.FLOAT64)
                .optional("hour", ColumnType.INT64)
                .optional("wind", ColumnType.FLOAT64)
                .required("late", ColumnType.BOOLEAN)
                .build());
    rows.set(0, 100.0).set(1, 7L).set(3, true).endRow();
    ModelPackage imported =
        ModelImport.of(MLFLOW.resolve("2.9-xgboost-json")).profile(rows.build()).read();

    assertThat(imported.referenceProfile().overall().rowCount()).isEqualTo(1);
    assertThat(imported.referenceProfile().overall().numbers("hour").max()).isEqualTo(7);
  }

  @Test
  void whatDoesNotFitTheFeaturesIsInOneMessage() {
    FeatureSet<Flight> other =
        FeatureSet.named("other", Flight.class)
            .numeric("distance", Flight::distance)
            .categorical("hour", flight -> "h" + flight.hour())
            .numeric("gust", Flight::hour)
            .build();

    assertThatThrownBy(
            () ->
                ModelImport.of(MLFLOW.resolve("2.22-xgboost-ubj"))
                    .features(other)
                    .output(Output.multiclass("late", List.of("a", "b")))
                    .categories("carrier", List.of("AA"))
                    .read())
        .isInstanceOf(ModelImportException.class)
        .hasMessageContaining("the model takes [wind]")
        .hasMessageContaining("the feature set has [gust]")
        .hasMessageContaining("\"hour\" is a number in the model and a category")
        .hasMessageContaining("categories were given of [carrier]")
        .hasMessageContaining("the model is BINARY");
  }

  @Test
  void aCategoryByItsCodeTakesTheListThatIsGiven() {
    ModelPackage imported =
        ModelImport.of(MLFLOW.resolve("2.22-xgboost-ubj"))
            .categories("hour", List.of("night", "day"))
            .read();

    assertThat(imported.manifest().signature().inputs().get(1).type())
        .isEqualTo(InputType.CATEGORICAL);
    try (Predictor<Map<String, Object>> predictor =
        Predictor.ofInputs().serve("m", imported).build()) {
      Map<String, Object> row = new HashMap<>();
      row.put("distance", 1);
      row.put("hour", "day");
      row.put("wind", null);
      assertThat(predictor.predict(row).vector()[1]).isEqualTo(1);
    }
  }

  @Test
  void aModelThatStoppedEarlyIsNotGuessedAt() {
    ModelImport stopped = ModelImport.of(MLFLOW.resolve("3.4-xgboost-stopped"));

    assertThatThrownBy(stopped::read)
        .isInstanceOf(ModelImportException.class)
        .hasMessageContaining("training stopped early")
        .hasMessageContaining("XGBRegressor")
        .hasMessageContaining("allRounds()");
    predictsLikePython(stopped.allRounds().read(), "3.4-xgboost-stopped");
  }

  @Test
  void aPickleIsRefusedWithWhatToDoInstead() throws IOException {
    for (String version : List.of("2.9", "2.22", "3.4")) {
      assertThatThrownBy(
              () -> ModelImport.of(MLFLOW.resolve(version + "-lightgbm-classifier")).read())
          .isInstanceOf(ModelImportException.class)
          .hasMessageContaining("pickle")
          .hasMessageContaining("booster_.save_model");
    }
    Path renamed = Files.write(directory.resolve("model.ubj"), new byte[] {(byte) 0x80, 5, 1, 2});
    assertThatThrownBy(() -> ModelImport.of(renamed).read()).hasMessageContaining("pickle");
  }

  @Test
  void theOldBinaryFormIsRefusedWithTheConversion() {
    assertThatThrownBy(() -> ModelImport.of(MLFLOW.resolve("2.9-xgboost-xgb")).read())
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("save_model('new.ubj')");
  }

  @Test
  void onnxNeedsItsModule() {
    assertThatThrownBy(() -> ModelImport.of(MLFLOW.resolve("2.22-onnx")).read())
        .isInstanceOf(ModelImportException.class)
        .hasMessageContaining("mlops-onnx");
  }

  @Test
  void whatIsNoModelIsSaid() throws IOException {
    assertThatThrownBy(() -> ModelImport.of(directory.resolve("nothing")).read())
        .isInstanceOf(ModelImportException.class)
        .hasMessageContaining("is not there");
    assertThatThrownBy(() -> ModelImport.of(directory).read())
        .hasMessageContaining("has no file MLmodel");
    Path text = Files.writeString(directory.resolve("readme.txt"), "hello");
    assertThatThrownBy(() -> ModelImport.of(text).read()).hasMessageContaining("is no model");
    Path json = Files.writeString(directory.resolve("a.json"), "{\"a\": 1}");
    assertThatThrownBy(() -> ModelImport.of(json).read()).isInstanceOf(ModelLoadException.class);
    Path link = Files.createSymbolicLink(directory.resolve("link.ubj"), json);
    assertThatThrownBy(() -> ModelImport.of(link).read()).hasMessageContaining("a link");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "flavors: {xgboost: {data: ../secret.ubj}}",
        "flavors: {xgboost: {data: /etc/passwd}}",
        "flavors: {xgboost: {data: ''}}",
        "flavors: {xgboost: {data: link.ubj}}",
        "flavors: {xgboost: {data: linked/secret.ubj}}",
        "flavors: {xgboost: {}}",
        "flavors: {sklearn: {data: model.pkl}}",
        "flavors: 7",
        "[]",
        "'",
        "a: &a [x,x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\nd: [*c,*c,*c,*c,*c]\nflavors: {xgboost: {data: m}}",
        "!!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[]]]"
      })
  void aHostileDescriptionIsRefused(String description) throws IOException {
    Path model = Files.createDirectories(directory.resolve("model"));
    Files.writeString(directory.resolve("secret.ubj"), "{}");
    Files.createSymbolicLink(model.resolve("link.ubj"), directory.resolve("secret.ubj"));
    Files.createSymbolicLink(model.resolve("linked"), directory);
    Files.writeString(model.resolve("MLmodel"), description, StandardCharsets.UTF_8);

    assertThatThrownBy(() -> ModelImport.of(model).read()).isInstanceOf(ModelImportException.class);
  }

  @Test
  void goldenRowsThatDoNotFitAreRefused() {
    assertThatThrownBy(
            () ->
                ModelImport.of(MLFLOW.resolve("2.22-xgboost-ubj"))
                    .golden(List.of(Map.of("distance", 1, "gust", 2)))
                    .read())
        .isInstanceOf(ModelImportException.class)
        .hasMessageContaining("\"hour\" is absent")
        .hasMessageContaining("\"gust\" is not asked for");
  }
}
