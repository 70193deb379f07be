package dev.mlops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.StageChange;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MlopsTest extends CommandLineTest {

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
    assertThat(out.lines()).anyMatch(line -> line.matches("late +2 +2 +none"));
    assertThat(mlops("models", "rollback", "late", "--reason", "worse", "--by", "ann")).isZero();
    assertThat(out).isEqualToIgnoringNewLines("late version 1 is in PRODUCTION");
    assertThat(mlops("models", "versions", "late")).isZero();
    assertThat(out.lines()).hasSize(4).anyMatch(line -> line.matches(" +1 +PRODUCTION .*"));
    assertThat(mlops("models", "history", "late")).isZero();
    assertThat(out)
        .containsPattern("version 2 PRODUCTION -> ARCHIVED \\(rollback\\) +ann +worse")
        .containsPattern("version 1 NONE -> PRODUCTION .* first");
    assertThat(mlops("models", "history", "late", "--at", "2020-01-01T00:00:00Z")).isZero();
    assertThat(out.strip()).isEqualTo("none");
    assertThat(mlops("models", "history", "late", "--at", "2999-01-01T00:00:00Z", "--json"))
        .isZero();
    assertThat(json().get("production").asInt()).isEqualTo(1);
  }

  @Test
  void whatGoesWrongIsOneLineAndAnExitCodeOfItsKind() {
    assertWrong(3, "there is no workspace", "models", "list");
    assertWrong(3, "is not there", "models", "import", "no.ubj", "-n", "x");
    assertThat(workspace()).doesNotExist();
    assertThat(importing("--output", "late")).isEqualTo(2);
    assertThat(err).contains("TASK:NAME");
    assertThat(importing("--output", "guess:late")).isEqualTo(2);
    twoVersions();
    assertWrong(
        2,
        "Missing required parameter: 'PATH'; see mlops models import --help",
        "models",
        "import");
    assertWrong(2, "Invalid value", "models", "promote", "late", "1", "--to", "heaven", "-m", "x");
    assertWrong(2, "Missing required option", "models", "rollback", "late");
    assertWrong(2, "Unmatched argument", "models", "lst");
    assertWrong(2, "did you mean rollback", "models", "rolback");
    assertWrong(2, "a model's name cannot be", "models", "show", "../late");
    assertWrong(3, "no model \"other\"", "models", "show", "other");
    assertWrong(3, "7", "models", "promote", "late", "7", "--to", "STAGING", "-m", "x");
    assertWrong(4, "cannot roll back", "models", "rollback", "late", "-m", "x");
    assertThat(mlops("models", "promote", "late", "1", "--to", "PRODUCTION", "-m", "x")).isZero();
    assertWrong(
        4,
        "expected no version in PRODUCTION, found version 1",
        "models",
        "promote",
        "late",
        "2",
        "--to",
        "PRODUCTION",
        "-m",
        "x",
        "--expecting",
        "0");
    assertWrong(4, "it is in PRODUCTION", "models", "delete", "late", "1", "-m", "x");
    assertWrong(3, "there is no run abc", "runs", "show", "abc");
    assertWrong(3, "no experiment \"x\"", "runs", "list", "x");
    assertWrong(3, "no feature view or set", "features", "show", "x");
    assertWrong(2, "a digest is 64", "artifacts", "verify", "abc");
    assertWrong(2, "--width takes 20 or more", "models", "list", "--width", "3");
    assertWrong(2, "--at takes an instant", "models", "history", "late", "--at", "yesterday");
    assertWrong(2, "--limit takes 1", "runs", "list", "--limit", "0");
    assertWrong(2, "begins with jdbc:postgresql:", "models", "list", "--database", "mysql://p:s@h");
    assertThat(err).doesNotContain("p:s");
  }

  @Test
  void hostileArgumentsDoNotReachTheTerminalAsTheyAre() {
    twoVersions();
    for (String hostile : new String[] {"\u001b[2J", "a\u202eb", "x\nmlops: done"}) {
      assertThat(mlops("models", "show", hostile)).isEqualTo(2);
      assertOneLine();
      assertThat(mlops("runs", "show", hostile)).isEqualTo(3);
      assertOneLine();
      assertThat(mlops("models", "list", hostile)).isEqualTo(2);
      assertOneLine();
      assertThat(mlops("artifacts", "verify", hostile)).isEqualTo(2);
      assertOneLine();
    }
    assertThat(mlops("models", "rollback", "late", "-m", "\u001b[31m")).isEqualTo(2);
    assertOneLine();
  }

  @Test
  void aDirectoryThatIsNoWorkspaceStaysAsItIs() throws IOException {
    Path other = Files.createDirectory(directory.resolve("other"));
    assertThat(bare("models", "list", "--workspace", other.toString())).isEqualTo(3);
    assertThat(err).contains("without mlops4j.json");
    assertThat(other).isEmptyDirectory();
  }

  @Test
  void aStackTraceIsShownToWhoAsksForIt() {
    assertThat(mlops("models", "list", "--stack-trace")).isEqualTo(3);
    assertThat(err).contains("\tat ");
  }

  @Test
  void helpVersionAndCompletionAreThere() {
    assertThat(bare("models", "import", "--help")).isZero();
    assertThat(out).contains("MLflow", "--golden");
    assertThat(bare()).isZero();
    assertThat(out).contains("models", "runs", "features", "artifacts", "workspace", "Exit codes");
    for (String group : new String[] {"models", "runs", "features", "artifacts", "workspace"}) {
      assertThat(bare(group)).isZero();
      assertThat(out).contains("Usage: mlops " + group);
    }
    assertThat(bare("--version")).isZero();
    assertThat(out).startsWith("mlops ");
    assertThat(bare("completion")).isZero();
    assertThat(out).contains("complete ", "rollback");
  }

  @Test
  void checksArePassedOrOverriddenOnTheRecord() {
    twoVersions();
    assertThat(
            mlops(
                "models",
                "promote",
                "late",
                "1",
                "--to",
                "PRODUCTION",
                "-m",
                "x",
                "--max-bytes",
                "10",
                "--min",
                "auc=0.7",
                "--max",
                "loss=0.5",
                "--golden-rows"))
        .isEqualTo(4);
    assertThat(err)
        .contains("size: asked for at most 10 bytes")
        .contains("auc: asked for at least 0.7, found none recorded")
        .contains("loss: ")
        .doesNotContain("golden rows: asked");
    assertOneLine();
    assertThat(
            mlops(
                "models",
                "promote",
                "late",
                "1",
                "--to",
                "PRODUCTION",
                "-m",
                "x",
                "--max-bytes",
                "10",
                "--override",
                "no time",
                "--force"))
        .isZero();
    assertThat(mlops("models", "history", "late")).isZero();
    assertThat(out).contains("overriding: size: asked for at most 10 bytes", "no time");
    try (Workspace opened = Workspace.open(workspace())) {
      assertThat(((StageChange) Registry.in(opened).history("late").get(0)).overridden())
          .hasSize(2);
    }
  }

  private void assertWrong(int code, String message, String... arguments) {
    assertThat(mlops(arguments)).as("%s %s", String.join(" ", arguments), err).isEqualTo(code);
    assertThat(err).contains(message);
    assertOneLine();
  }

  private void assertOneLine() {
    assertThat(err.lines()).hasSize(1);
    assertThat(err).startsWith("mlops: ").doesNotContain("\u001b", "\u202e", "\tat ");
    assertThat(out).isEmpty();
  }
}
