package dev.mlops4j.xgboost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.model.Signature;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is trained here, MLflow's Python loads from its package, and predicts the same. */
@Tag("clients")
class MlflowLoadsModelsTest {

  private static final Path ROOT = Path.of("../..");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int ROWS = 50;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"binary", "regression", "multiclass"})
  void aTrainedModelIsLoadedFromItsPackage(String task) throws Exception {
    TestTraining training = TestTraining.rows(PythonModelTest.output(task), 500, 3);
    XgBoostTrainer trainer = task.equals("regression") ? XgBoost.regressor() : XgBoost.classifier();
    try (XgBoostModel model = trainer.trees(20).train(training)) {
      model.packaged(training).writeTo(directory.resolve("package"));
      Path rows = directory.resolve("rows.json");
      JSON.writeValue(rows.toFile(), rows(training));

      String interpreter = run(ROOT.resolve(".ci/python-venv").toString()).strip();
      String printed =
          run(
              interpreter,
              ROOT.resolve("mlops-serving/src/test/python/load_package.py").toString(),
              "xgboost",
              directory.resolve("package").toString(),
              rows.toString());

      JsonNode found = JSON.readTree(printed.lines().reduce((first, last) -> last).orElse(""));
      assertThat(found).hasSize(ROWS);
      for (int row = 0; row < ROWS; row++) {
        double[] expected = model.predict(training.vector(row));
        assertThat(found.get(row)).hasSize(expected.length);
        for (int i = 0; i < expected.length; i++) {
          assertThat(found.get(row).get(i).doubleValue()).isCloseTo(expected[i], within(1e-6));
        }
      }
    }
  }

  private static ArrayNode rows(TestTraining training) {
    ArrayNode rows = JSON.createArrayNode();
    Signature signature = training.signature();
    for (int row = 0; row < ROWS; row++) {
      ObjectNode values = rows.addObject();
      for (int i = 0; i < signature.width(); i++) {
        double value = training.vector(row)[i];
        values.put(signature.inputs().get(i).name(), Double.isNaN(value) ? null : value);
      }
    }
    return rows;
  }

  private String run(String... command) throws IOException, InterruptedException {
    Path errors = directory.resolve("errors");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
    builder.environment().put("MLFLOW_TRACKING_URI", directory.resolve("mlruns").toString());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as("%s%n%s", output, Files.readString(errors)).isZero();
    return output;
  }
}
