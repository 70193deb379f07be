package dev.mlops4j.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops4j.model.ModelPackage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The way back: what this library writes, MLflow's Python loads. */
@Tag("clients")
class MlflowLoadsPackagesTest {

  private static final Path MLFLOW = Path.of("src/test/resources/dev/mlops4j/serving/mlflow");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "xgboost, 2.22-xgboost-ubj",
    "xgboost, 2.22-xgboost-json",
    "xgboost, 2.22-xgboost-classifier",
    "lightgbm, 2.22-lightgbm"
  })
  void aPackageIsLoadedAndPredictsTheSame(String flavor, String name) throws Exception {
    ModelPackage imported = ModelImport.of(MLFLOW.resolve(name)).read();
    imported.writeTo(directory.resolve("package"));
    JsonNode python = JSON.readTree(MLFLOW.resolve(name + ".json").toFile());
    Path rows = directory.resolve("rows.json");
    JSON.writeValue(rows.toFile(), python.path("rows"));

    String interpreter = run(List.of(Path.of("../.ci/python-venv").toString())).strip();
    String printed =
        run(
            List.of(
                interpreter,
                "src/test/python/load_package.py",
                flavor,
                directory.resolve("package").toString(),
                rows.toString()));

    JsonNode found = JSON.readTree(printed.lines().reduce((first, last) -> last).orElse(""));
    assertThat(found.size()).isEqualTo(python.path("outputs").size());
    for (int row = 0; row < found.size(); row++) {
      for (int i = 0; i < found.get(row).size(); i++) {
        assertThat(found.at("/" + row + "/" + i).doubleValue())
            .isCloseTo(python.at("/outputs/" + row + "/" + i).doubleValue(), within(1e-5));
      }
    }
    assertThat(ModelPackage.read(directory.resolve("package")).digest())
        .isEqualTo(imported.digest());
  }

  private String run(List<String> command) throws IOException, InterruptedException {
    Path errors = directory.resolve("errors");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()));
    builder.environment().put("MLFLOW_TRACKING_URI", directory.resolve("mlruns").toString());
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor())
        .as("%s%n%s%n%s", command, output, Files.readString(errors))
        .isZero();
    return output;
  }
}
