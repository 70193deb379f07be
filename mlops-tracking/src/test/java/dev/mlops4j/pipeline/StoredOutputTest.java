package dev.mlops4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.tracking.RunArtifact;
import dev.mlops4j.workspace.Artifacts;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read from kept outputs, also from those that somebody made by hand. */
class StoredOutputTest {

  @TempDir Path directory;
  private Workspace workspace;

  @BeforeEach
  void open() {
    workspace = Workspace.open(directory.resolve("workspace"));
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  private RunArtifact artifact(String path) {
    byte[] bytes = "hostile".getBytes(StandardCharsets.UTF_8);
    return new RunArtifact(
        path, RunArtifact.Kind.FILE, workspace.artifacts().put(bytes), bytes.length);
  }

  private Path scratch() {
    return directory.resolve("scratch/run");
  }

  private void assertRefused(Output<?> form, String text, RunArtifact... files) throws IOException {
    Artifacts artifacts = workspace.artifacts();
    StoredOutput stored = new StoredOutput(form.form(), text, List.of(files));
    assertThatThrownBy(() -> form.readChecked(stored, artifacts, scratch()))
        .isInstanceOf(BrokenOutputException.class);
    try (var all = Files.walk(directory.resolve("scratch").getParent())) {
      assertThat(all.filter(path -> path.endsWith("hostile.txt"))).isEmpty();
    }
  }

  @Test
  void aKeptFileThatIsNotBelowFilesIsRefusedAndWrittenNowhere() throws IOException {
    String elsewhere = "abcde" + directory.resolve("hostile.txt");
    for (String path : List.of(elsewhere, "file" + directory.resolve("hostile.txt"), "model/a")) {
      assertRefused(Outputs.directory(), "out", artifact(path));
      assertRefused(Outputs.file(), "hostile.txt", artifact(path));
      assertRefused(new ProcessFilesOutput(), "{\"exitCode\":0,\"output\":\"\"}", artifact(path));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"../out", "..", "/tmp/hostile", "", "a/../../b", "a\\..\\b", "."})
  void aNameThatLeadsElsewhereIsRefused(String name) throws IOException {
    assertRefused(Outputs.directory(), name, artifact("files/hostile.txt"));
    assertRefused(Outputs.file(), name, artifact("files/hostile.txt"));
  }

  @Test
  void aFileThatIsNotAmongTheKeptOnesIsRefused() throws IOException {
    assertRefused(Outputs.file(), "other.txt", artifact("files/hostile.txt"));
  }

  @Test
  void anOutputOfMoreThanTwentyMillionCharactersIsReadAsItWas() {
    Output<List<String>> form = Outputs.jsonList(String.class);
    List<String> lines = Collections.nCopies(21, "x".repeat(1_000_000));
    Artifacts artifacts = workspace.artifacts();
    String written = form.store("long", lines, artifacts, scratch()).write(artifacts).text();
    StoredOutput stored = StoredOutput.read(written, artifacts);
    assertThat(form.readChecked(stored, artifacts, scratch())).isEqualTo(lines);
  }

  @Test
  void whatAProcessSaysIsNoPartOfTheDigestAndItsExitCodeAndFilesAre() {
    String said = "{\"exitCode\":0,\"output\":\"at noon\"}";
    RunArtifact file = artifact("files/a");
    StoredOutput one = process(said, file);

    assertThat(process(said.replace("noon", "one"), file).digest()).isEqualTo(one.digest());
    assertThat(process(said.replace("0", "1"), file).digest()).isNotEqualTo(one.digest());
    assertThat(process(said, artifact("files/b")).digest()).isNotEqualTo(one.digest());
  }

  private static StoredOutput process(String text, RunArtifact file) {
    return new StoredOutput(new ProcessFilesOutput().form(), text, List.of(file));
  }

  private enum Color {
    RED,
    GREEN,
    BLUE
  }

  private record Sets(
      Set<String> words, Map<String, Set<Set<Integer>>> nested, Set<Color> colors) {}

  @Test
  void equalSetsHaveTheSameJsonWhateverTheirOrder() {
    Set<String> forth = new LinkedHashSet<>(List.of("b", "a", "c"));
    Set<String> back = new LinkedHashSet<>(List.of("c", "a", "b"));
    Set<Set<Integer>> nested =
        new LinkedHashSet<>(List.of(new LinkedHashSet<>(List.of(9, 1)), Set.of(5)));
    Set<Set<Integer>> densed =
        new LinkedHashSet<>(List.of(Set.of(5), new LinkedHashSet<>(List.of(1, 9))));
    Sets one = new Sets(forth, Map.of("n", nested), EnumSet.allOf(Color.class));
    Sets two =
        new Sets(
            back,
            Map.of("n", densed),
            new LinkedHashSet<>(List.of(Color.BLUE, Color.RED, Color.GREEN)));

    assertThat(StepJson.write("sets", one))
        .isEqualTo(StepJson.write("sets", two))
        .isEqualTo(
            "{\"colors\":[\"BLUE\",\"GREEN\",\"RED\"],\"nested\":{\"n\":[[1,9],[5]]},"
                + "\"words\":[\"a\",\"b\",\"c\"]}");
    assertThat(StepJson.write("a set", new TreeSet<>(Set.of(1, 10, 9))))
        .isEqualTo(StepJson.write("a set", new LinkedHashSet<>(List.of(9, 10, 1))));
  }

  @Test
  void setsAreReadAgainAsTheyWere() {
    Sets sets = new Sets(Set.of("x", "y"), Map.of(), EnumSet.of(Color.RED, Color.BLUE));
    Output<Sets> form = Outputs.json(Sets.class);
    StoredOutput stored = form.store("sets", sets, workspace.artifacts(), scratch());
    assertThat(form.readChecked(stored, workspace.artifacts(), scratch())).isEqualTo(sets);
  }
}
