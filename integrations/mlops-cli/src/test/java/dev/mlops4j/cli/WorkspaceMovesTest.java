package dev.mlops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whole workspaces are copied and backed up. */
class WorkspaceMovesTest extends CommandLineTest {

  @Test
  void aWorkspaceIsCopiedToAnotherDirectory() {
    fill();
    assertThat(copy("--progress")).as(err).isZero();
    assertThat(err).contains("tracking run: 1 rows");
    assertThat(out)
        .containsPattern("run +1 +[0-9a-f]+")
        .contains("artifacts of", "bytes copied and compared");
    assertThat(bare("workspace", "check", "-w", target().toString())).as(out + err).isZero();
    assertThat(bare("models", "list", "-w", target().toString())).isZero();
    assertThat(out).contains("late");
    assertThat(copy()).isEqualTo(4);
    assertThat(err).contains("has rows already").hasLineCount(1);
  }

  @Test
  void aCopyAnswersWithJson() {
    fill();
    assertThat(copy("--json")).as(err).isZero();
    assertThat(json().get("artifacts").asInt()).isGreaterThan(1);
    assertThat(json().get("tables").get(0).get("digest").asText()).hasSize(64);
    assertThat(err).isEmpty();
  }

  @Test
  void whatCannotBeCopiedIsOneLine() {
    assertThat(copy()).isEqualTo(3);
    assertThat(err).contains("--from DIR").hasLineCount(1);
    assertThat(target()).doesNotExist();
    assertThat(bare("workspace", "copy", "--from", "x")).isEqualTo(2);
    fill();
    assertThat(copy("--to-database", "mysql://p:s@h")).isEqualTo(2);
    assertThat(err).contains("--to-database takes a URL").doesNotContain("p:s").hasLineCount(1);
  }

  @Test
  void aWorkspaceIsBackedUpAndTheBackupChecked() throws IOException {
    fill();
    assertThat(mlops("workspace", "backup", target().toString())).as(err).isZero();
    assertThat(out).contains("artifacts of");
    assertThat(bare("workspace", "check", "-w", target().toString())).as(out + err).isZero();
    assertThat(out).contains("0 problems found");
    assertThat(bare("runs", "list", "-w", target().toString())).isZero();
    assertThat(out).contains("first");
    assertThat(mlops("workspace", "backup", target().toString())).isEqualTo(4);
    assertThat(err).contains("there is something at").hasLineCount(1);
    Path other = Files.createDirectory(directory.resolve("other"));
    assertThat(mlops("workspace", "backup", other.toString(), "--copy-artifacts", "--json"))
        .as(err)
        .isZero();
    assertThat(json().get("missing")).isEmpty();
  }

  @Test
  void aBackupSaysWhatTheWorkspaceHasLost() throws IOException {
    fill();
    try (var files = Files.walk(workspace().resolve("artifacts/sha256"))) {
      Files.delete(files.filter(Files::isRegularFile).findFirst().orElseThrow());
    }
    assertThat(mlops("workspace", "backup", target().toString())).isEqualTo(5);
    assertThat(out).contains("has lost or damaged artifact");
  }

  @Test
  void everyCommandHasHelpAndIsCompleted() {
    assertThat(bare("completion")).isZero();
    String completion = out;
    for (List<String> command :
        List.of(
            List.of("runs", "list"),
            List.of("runs", "search"),
            List.of("runs", "show"),
            List.of("runs", "compare"),
            List.of("runs", "delete"),
            List.of("models", "list"),
            List.of("models", "show"),
            List.of("models", "history"),
            List.of("models", "promote"),
            List.of("models", "rollback"),
            List.of("models", "diff"),
            List.of("models", "export"),
            List.of("models", "import"),
            List.of("artifacts", "get"),
            List.of("artifacts", "verify"),
            List.of("artifacts", "gc"),
            List.of("workspace", "info"),
            List.of("workspace", "check"),
            List.of("workspace", "copy"),
            List.of("workspace", "backup"),
            List.of("workspace", "ddl"),
            List.of("features", "list"),
            List.of("features", "show"))) {
      String group = command.get(0);
      String name = command.get(1);
      assertThat(bare(group, name, "--help")).as("%s", command).isZero();
      assertThat(out).startsWith("Usage: mlops " + group + " " + name).contains("--json");
      assertThat(completion).contains("_picocli_mlops_" + group + "_" + name + "()");
    }
  }

  @Test
  void hostileNamesMoveNoCursorAndBreakNoTable() {
    String hostile = "<b>x</b>\u202e";
    String id;
    try (Workspace opened = Workspace.open(workspace());
        Tracking tracking = Tracking.in(opened);
        Run run = tracking.start("flights", hostile)) {
      id = run.id();
      run.tag("team", "a\nb\r\u001b[2J\u009b31m\u0007");
      run.param("note", "line\u2028separator\t");
      run.metric("auc", 1);
    }
    for (List<String> command :
        List.of(
            List.of("runs", "list"),
            List.of("runs", "list", "--width", "100"),
            List.of("runs", "search", "run_name like '%x%'"),
            List.of("runs", "compare", id, id),
            List.of("runs", "show", id))) {
      assertThat(mlops(command.toArray(String[]::new))).as("%s %s", command, err).isZero();
      assertThat(out)
          .contains("<b>x</b>\\u202e")
          .doesNotContain("\u001b", "\u009b", "\u202e", "\u2028", "\u0007", "\r", "\t");
    }
    assertThat(out).contains("a\\u000ab\\u000d\\u001b[2J");
    assertThat(mlops("runs", "list", "--json")).isZero();
    assertThat(json().get(0).get("tags").get("team").asText()).contains("\u001b[2J");
    assertThat(out).doesNotContain("\u001b", "\u202e");
  }

  private void fill() {
    if (importing() != 0) {
      throw new AssertionError(err);
    }
    try (Workspace opened = Workspace.open(workspace());
        Tracking tracking = Tracking.in(opened);
        Run run = tracking.start("flights", "first")) {
      run.artifact("notes.txt", "hello");
    }
  }

  private int copy(String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "workspace",
                "copy",
                "--from",
                workspace().toString(),
                "--to",
                target().toString()));
    arguments.addAll(List.of(more));
    return bare(arguments.toArray(String[]::new));
  }

  private Path target() {
    return directory.resolve("target");
  }
}
