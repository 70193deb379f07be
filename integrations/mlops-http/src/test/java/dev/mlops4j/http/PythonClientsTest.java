package dev.mlops4j.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.serving.Predictor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The protocols as the real clients speak them: {@code tritonclient} and MLflow's. */
@Tag("clients")
class PythonClientsTest {

  private static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();

  @TempDir Path directory;

  @Test
  void tritonsAndMlflowsClientsAreAnswered() throws Exception {
    String python = run(List.of(ROOT.resolve(".ci/python-venv").toString())).strip();
    try (Predictor<Map<String, Object>> sum = TestModels.sum();
        Predictor<Map<String, Object>> coffee = TestModels.coffee();
        ModelServer server =
            ModelServer.of(ServingHandler.of(sum.untyped()).and(coffee.untyped()).build())
                .port(0)
                .start()) {
      String checks =
          run(
              List.of(
                  python,
                  Path.of("src/test/python/clients.py").toAbsolutePath().toString(),
                  "http://127.0.0.1:" + server.port()));
      assertThat(checks.lines()).hasSizeGreaterThan(35).allMatch(line -> line.startsWith("ok "));
    }
  }

  private String run(List<String> command) throws IOException, InterruptedException {
    Path errors = directory.resolve("errors");
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor())
        .as("%s%n%s%n%s", command, output, Files.readString(errors))
        .isZero();
    return output;
  }
}
