package dev.mlops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.registry.Registry;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MlopsTest {

  private static final Path MLFLOW =
      Path.of("../../mlops-serving/src/test/resources/dev/mlops4j/serving/mlflow");

  @TempDir Path directory;

  private String out = "";
  private String err = "";

  private int mlops(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    if (arguments.length > 1 && !all.contains("--help")) {
      all.add("--workspace");
      all.add(directory.resolve("workspace").toString());
    }
    StringWriter output = new StringWriter();
    StringWriter errors = new StringWriter();
    CommandLine command = Mlops.commandLine();
    command.setOut(new PrintWriter(output));
    command.setErr(new PrintWriter(errors));
    int code = command.execute(all.toArray(String[]::new));
    out = output.toString();
    err = errors.toString();
    return code;
  }

  private int importing(String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "models", "import", MLFLOW.resolve("2.22-xgboost-ubj").toString(), "-n", "late"));
    all.addAll(List.of(more));
    return mlops(all.toArray(String[]::new));
  }

  @Test
  void aModelIsImportedPromotedAndRolledBack() throws IOException {
    Path rows =
        Files.writeString(
            directory.resolve("rows.csv"), "distance,hour,wind\n100,7,1.5\n900,20,\n");
    assertThat(
            importing(
                "--output",
                "binary:late",
                "--golden",
                rows.toString(),
                "--profile",
                rows.toString()))
        .as("%s", err)
        .isZero();
    assertThat(out)
        .contains("late version 1: xgboost-ubj, inputs distance, hour, wind, 2 golden rows")
        .contains("profile of 2 rows");
    assertThat(importing("--categories", "hour=night,day")).isZero();
    assertThat(mlops("models", "promote", "late", "1", "--to", "production", "-m", "first"))
        .isZero();
    assertThat(out).contains("late version 1 is in PRODUCTION");
    assertThat(
            mlops(
                "models",
                "promote",
                "late",
                "2",
                "--to",
                "PRODUCTION",
                "-m",
                "x",
                "--expecting",
                "1"))
        .isZero();
    assertThat(mlops("models", "list")).isZero();
    assertThat(out).contains("late: 2 versions, version 2 in PRODUCTION");
    assertThat(mlops("models", "rollback", "late", "-m", "worse")).isZero();
    assertThat(out).contains("late version 1 is in PRODUCTION");
    assertThat(mlops("models", "versions", "late")).isZero();
    assertThat(out.lines())
        .hasSize(2)
        .anyMatch(line -> line.startsWith("1 PRODUCTION xgboost-ubj"));
    try (Workspace workspace = Workspace.open(directory.resolve("workspace"))) {
      assertThat(Registry.in(workspace).history("late")).hasSizeGreaterThan(3);
    }
  }

  @Test
  void whatGoesWrongIsSaidInALineAndInTheExitCode() {
    assertThat(mlops("models", "list")).isEqualTo(1);
    assertThat(err).startsWith("mlops: there is no workspace").doesNotContain("\tat ");
    assertThat(mlops("models", "import", directory.resolve("no.ubj").toString(), "-n", "x"))
        .isEqualTo(1);
    assertThat(err).contains("is not there");
    assertThat(importing("--output", "late")).isEqualTo(1);
    assertThat(err).contains("TASK:NAME");
    assertThat(importing("--output", "guess:late")).isEqualTo(1);
    assertThat(mlops("models", "import")).isEqualTo(2);
    assertThat(mlops("models", "promote", "late", "1", "--to", "heaven", "-m", "x")).isEqualTo(2);
    assertThat(importing()).isZero();
    assertThat(mlops("models", "promote", "late", "7", "--to", "STAGING", "-m", "x")).isEqualTo(1);
    assertThat(err).contains("7");
    assertThat(mlops("models", "rollback", "late", "-m", "x")).isEqualTo(1);
  }

  @Test
  void helpIsThere() {
    assertThat(mlops("models", "import", "--help")).isZero();
    assertThat(out).contains("MLflow", "--golden");
  }
}
