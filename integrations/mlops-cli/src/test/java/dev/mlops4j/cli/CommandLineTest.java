package dev.mlops4j.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Runs the command as a person would, and keeps what it answers. */
abstract class CommandLineTest {

  static final Path MLFLOW =
      Path.of("../../mlops-serving/src/test/resources/dev/mlops4j/serving/mlflow");

  @TempDir Path directory;

  String out = "";
  String err = "";

  Path workspace() {
    return directory.resolve("workspace");
  }

  /** On the workspace of the test, unless the arguments name another. */
  int mlops(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    if (!all.contains("--workspace")) {
      all.add("--workspace");
      all.add(workspace().toString());
    }
    return bare(all.toArray(String[]::new));
  }

  int bare(String... arguments) {
    StringWriter output = new StringWriter();
    StringWriter errors = new StringWriter();
    CommandLine command = Mlops.commandLine();
    command.setOut(new PrintWriter(output));
    command.setErr(new PrintWriter(errors));
    int code = command.execute(arguments);
    out = output.toString();
    err = errors.toString();
    return code;
  }

  JsonNode json() {
    try {
      return new ObjectMapper().readTree(out);
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + out, e);
    }
  }

  int importing(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "models", "import", MLFLOW.resolve("2.22-xgboost-ubj").toString(), "-n", "late"));
    all.addAll(List.of(more));
    return mlops(all.toArray(String[]::new));
  }

  /** Two versions of a model that differ in their categories. */
  void twoVersions() {
    if (importing() != 0 || importing("--categories", "hour=night,day") != 0) {
      throw new AssertionError(err);
    }
  }
}
