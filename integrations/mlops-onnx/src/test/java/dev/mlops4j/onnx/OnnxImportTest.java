package dev.mlops4j.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.Signature.Output;
import dev.mlops4j.serving.Batching;
import dev.mlops4j.serving.ModelImport;
import dev.mlops4j.serving.ModelImportException;
import dev.mlops4j.serving.Predictor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bare graphs and MLflow's directories of them become packages that are served. */
class OnnxImportTest {

  private static final Path MLFLOW =
      Path.of("../../mlops-serving/src/test/resources/dev/mlops4j/serving/mlflow");

  @TempDir Path directory;

  private Path file(String name) throws IOException {
    return Files.write(directory.resolve("any.bin"), new PythonGraph(name).bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.9-onnx", "2.22-onnx", "3.4-onnx"})
  void aDirectoryOfMlflowIsServed(String name) throws IOException {
    ModelPackage imported =
        ModelImport.of(MLFLOW.resolve(name))
            .output(Output.binary("late"))
            .inputs(List.of("distance", "hour"))
            .read();
    JsonNode python = new ObjectMapper().readTree(MLFLOW.resolve(name + ".json").toFile());
    try (Predictor<Map<String, Object>> predictor =
        Predictor.ofInputs().serve("late", imported).build()) {
      for (int row = 0; row < python.path("rows").size(); row++) {
        JsonNode values = python.path("rows").get(row);
        Map<String, Object> request =
            Map.of(
                "distance",
                values.path("f0").doubleValue(),
                "hour",
                values.path("f1").doubleValue());
        assertThat(predictor.predict(request).value())
            .isCloseTo(python.at("/outputs/" + row + "/0").doubleValue(), within(1e-6));
      }
    }
  }

  @Test
  void aGraphOfColumnsIsServedByNameWithItsCategories() throws IOException {
    Map<String, Object> golden = new HashMap<>();
    golden.put("carrier", "UA");
    golden.put("hour", 23);
    golden.put("distance", 2500);
    ModelPackage imported =
        ModelImport.of(file("columns"))
            .output(Output.binary("late"))
            .categories("carrier", List.of("AA", "UA", "B6"))
            .golden(List.of(golden))
            .read();

    assertThat(imported.goldenRows()).hasSize(1);
    try (Predictor<Map<String, Object>> predictor =
        Predictor.ofInputs().serve("late", imported).build()) {
      assertThat(predictor.predict(golden).value())
          .isCloseTo(new PythonGraph("columns").outputs(1)[1], within(1e-6));
    }
  }

  @Test
  void whatAGraphDoesNotSayIsAskedForInOneMessage() throws IOException {
    Path columns = file("columns");

    assertThatThrownBy(() -> ModelImport.of(columns).read())
        .isInstanceOf(ModelImportException.class)
        .hasMessageContaining("categories(\"carrier\", ...)")
        .hasMessageContaining("output(...)");
  }

  @Test
  void concurrentRequestsArePredictedTogether() throws IOException {
    ModelPackage imported = ModelImport.of(file("network")).output(Output.binary("y")).read();
    PythonGraph python = new PythonGraph("network");
    try (Predictor<Map<String, Object>> predictor =
        Predictor.ofInputs()
            .serve("y", imported)
            .batching(Batching.upTo(8, Duration.ofMillis(2)))
            .workers(8, 1_000)
            .build()) {
      List<CompletableFuture<Void>> answers = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        int row = i % python.rows();
        double[] vector = python.row(row, List.of());
        Map<String, Object> request = new HashMap<>();
        for (int f = 0; f < vector.length; f++) {
          request.put("f" + f, vector[f]);
        }
        answers.add(
            predictor
                .predictAsync(request)
                .thenAccept(
                    prediction ->
                        assertThat(prediction.value())
                            .isCloseTo(python.outputs(row)[0], within(1e-6))));
      }
      answers.forEach(CompletableFuture::join);
    }
  }
}
