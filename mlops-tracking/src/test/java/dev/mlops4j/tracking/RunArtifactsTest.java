package dev.mlops4j.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.mlops4j.storage.StorageException;
import dev.mlops4j.workspace.InvalidArtifactPathException;
import dev.mlops4j.workspace.UnreadableFileException;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Directories, JSON and images of runs, and how artifacts are had back. */
class RunArtifactsTest {

  private static final byte[] PNG =
      HexFormat.of()
          .parseHex(
              "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
                  + "1f15c4890000000a49444154789c6300010000050001");
  private static final byte[] JPEG = HexFormat.of().parseHex("ffd8ffe000104a464946");

  @TempDir Path directory;
  private Workspace workspace;
  private Tracking tracking;
  private Run run;

  @BeforeEach
  void open() {
    workspace = Workspace.open(directory.resolve("workspace"));
    tracking = Tracking.in(workspace);
    run = tracking.start("delay");
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  @Test
  void aDirectoryIsKeptFileByFileAndWrittenOutAsItWas() throws IOException {
    Path source = tree();
    List<RunArtifact> kept = run.directory("report", source);

    assertThat(kept)
        .extracting(RunArtifact::path)
        .containsExactly("report/index.html", "report/plots/a b.csv", "report/plots/ü.txt");
    assertThat(tracking.artifacts(run.id(), "report")).isEqualTo(kept);
    assertThat(tracking.artifacts(run.id(), "report/plots")).isEqualTo(kept.subList(1, 3));
    assertThat(tracking.artifacts(run.id(), "repo")).isEmpty();
    assertThat(tracking.artifact(run.id(), "report/plots/ü.txt"))
        .isEqualTo("umlaut".getBytes(StandardCharsets.UTF_8));

    run.artifact("notes.txt", "x");
    Path out = directory.resolve("out/deep");
    assertThat(tracking.directory(run.id(), "report", out)).isEqualTo(3);
    assertThat(Files.readString(out.resolve("plots/a b.csv"))).isEqualTo("1,2");
    assertThat(Files.readString(out.resolve("index.html"))).isEqualTo("<p>");
    assertThat(out.resolve("notes.txt")).doesNotExist();
    assertThat(tracking.directory(run.id(), "", directory.resolve("all"))).isEqualTo(4);
    assertThat(directory.resolve("all/report/plots/ü.txt")).exists();
  }

  @Test
  void aDirectoryLoggedAgainReplacesItsFilesAndLeavesTheOthers() throws IOException {
    run.directory("report", tree());
    Path changed = Files.createDirectories(directory.resolve("changed"));
    Files.writeString(changed.resolve("index.html"), "<b>");
    run.directory("report", changed);
    assertThat(tracking.artifacts(run.id(), "report")).hasSize(3);
    assertThat(new String(tracking.artifact(run.id(), "report/index.html"), StandardCharsets.UTF_8))
        .isEqualTo("<b>");
  }

  @Test
  void ofADirectoryWithSomethingThatCannotBeKeptNothingIs() throws IOException {
    Path linked = tree();
    Files.createSymbolicLink(linked.resolve("plots/link"), directory);
    assertThatThrownBy(() -> run.directory("report", linked))
        .isInstanceOf(UnreadableFileException.class)
        .hasMessageContaining("symbolic links");
    Path named = Files.createDirectories(directory.resolve("named"));
    Files.writeString(named.resolve("a"), "x");
    Files.writeString(named.resolve("b\\c"), "x");
    assertThatThrownBy(() -> run.directory("report", named))
        .isInstanceOf(InvalidArtifactPathException.class);
    Path file = Files.writeString(directory.resolve("file"), "x");
    assertThatThrownBy(() -> run.directory("report", file))
        .isInstanceOf(UnreadableFileException.class)
        .hasMessageContaining("no directory");
    assertThatThrownBy(() -> run.directory("report", directory.resolve("lost")))
        .isInstanceOf(UnreadableFileException.class);
    assertThatThrownBy(() -> run.directory("../report", named))
        .isInstanceOf(InvalidArtifactPathException.class);
    assertThat(tracking.run(run.id()).artifacts()).isEmpty();
  }

  @Test
  void filesThatCannotLieInOneDirectoryEverywhereAreNotWrittenThere() {
    Path out = directory.resolve("out");
    run.artifact("case/Notes.txt", "x");
    run.artifact("case/notes.TXT", "y");
    run.artifact("below/a", "x");
    run.artifact("below/a/b", "y");
    run.artifact("sound/a", "x");
    for (String path : List.of("case", "below", "")) {
      assertThatThrownBy(() -> tracking.directory(run.id(), path, out))
          .isInstanceOf(InvalidArtifactPathException.class);
    }
    assertThat(out).doesNotExist();
    assertThat(tracking.directory(run.id(), "sound", out)).isEqualTo(1);
    tracking.artifact(run.id(), "case/notes.TXT", out.resolve("one.txt"));
    assertThat(out.resolve("one.txt")).hasContent("y");
  }

  @Test
  void aDirectoryIsNotWrittenInPlaceOfAFile() throws IOException {
    run.artifact("plots/roc.html", "x");
    Path out = Files.createDirectories(directory.resolve("out"));
    Files.writeString(out.resolve("plots"), "a file");
    assertThatThrownBy(() -> tracking.directory(run.id(), "", out))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("cannot make a directory");
    assertThat(out.resolve("plots")).hasContent("a file");
  }

  @Test
  void aDirectoryWhoseFilesAreOneWhereCaseDoesNotCountIsRefused() throws IOException {
    Path source = Files.createDirectories(directory.resolve("source"));
    Files.writeString(source.resolve("Notes.txt"), "x");
    Files.writeString(source.resolve("notes.txt"), "y");
    try (Stream<Path> files = Files.list(source)) {
      assumeThat(files).hasSize(2);
    }
    assertThatThrownBy(() -> run.directory("report", source))
        .isInstanceOf(InvalidArtifactPathException.class)
        .hasMessageContaining("same file");
    assertThat(tracking.run(run.id()).artifacts()).isEmpty();
  }

  @Test
  void anArtifactIsWrittenToAFile() throws IOException {
    run.artifact("a/notes.txt", "Größe");
    Path file = directory.resolve("notes.txt");
    Files.writeString(file, "before");
    tracking.artifact(run.id(), "a/notes.txt", file);
    assertThat(file).hasContent("Größe");
    assertThatThrownBy(() -> tracking.artifact(run.id(), "a/lost.txt", file))
        .isInstanceOf(NoSuchRunArtifactException.class);
    assertThatThrownBy(
            () -> tracking.artifact(run.id(), "a/notes.txt", directory.resolve("no/such/file")))
        .isInstanceOf(StorageException.class);
    assertThat(file).hasContent("Größe");
  }

  @Test
  void jsonIsReadableAndTheSameForTheSameValue() {
    Map<String, @Nullable Object> value = new LinkedHashMap<>();
    value.put("z", List.of(1, 2.5, true));
    value.put("a", new Point(3, Duration.ofMinutes(5)));
    value.put("at", Instant.parse("2026-01-01T00:00:00Z"));
    value.put("nan", Double.NaN);
    value.put("none", null);
    RunArtifact first = run.json("value.json", value);
    assertThat(new String(tracking.artifact(run.id(), "value.json"), StandardCharsets.UTF_8))
        .isEqualTo(
            """
            {
              "a" : {
                "gap" : "PT5M",
                "x" : 3
              },
              "at" : "2026-01-01T00:00:00Z",
              "nan" : "NaN",
              "none" : null,
              "z" : [
                1,
                2.5,
                true
              ]
            }""");
    Map<String, @Nullable Object> turned = new LinkedHashMap<>();
    List.of("none", "nan", "at", "a", "z").forEach(key -> turned.put(key, value.get(key)));
    assertThat(run.json("again.json", turned).digest()).isEqualTo(first.digest());
    assertThatThrownBy(() -> run.json("odd.json", new Object()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"odd.json\" cannot be written as JSON");
  }

  @Test
  void imagesAreOfTheTypeThatTheirNameSays() {
    run.image("plots/a.png", PNG);
    run.image("plots/a.JPG", JPEG);
    run.image("plots/a.jpeg", JPEG);
    run.image(
        "plots/a.svg",
        svg("<?xml version=\"1.0\"?><!-- x --><svg xmlns=\"http://www.w3.org/2000/svg\"/>"));
    assertThat(tracking.artifact(run.id(), "plots/a.png")).isEqualTo(PNG);

    Map<String, byte[]> wrong =
        Map.of(
            "a.png",
            JPEG,
            "a.jpg",
            PNG,
            "b.png",
            Arrays.copyOf(PNG, 8),
            "a.svg",
            svg("<html><svg/></html>"),
            "b.svg",
            svg("svg"),
            "c.svg",
            svg("<!DOCTYPE svg [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><b>&a;</b>"),
            "d.svg",
            new byte[0],
            "a.gif",
            PNG,
            "a",
            PNG);
    wrong.forEach(
        (path, content) ->
            assertThatThrownBy(() -> run.image(path, content))
                .as(path)
                .isInstanceOfSatisfying(
                    InvalidImageException.class, e -> assertThat(e.path()).isEqualTo(path)));
    assertThat(tracking.run(run.id()).artifacts()).hasSize(4);
  }

  @Test
  void anEndedRunTakesNone() throws IOException {
    Path source = tree();
    run.close();
    assertThatThrownBy(() -> run.directory("a", source)).isInstanceOf(RunEndedException.class);
    assertThatThrownBy(() -> run.json("a.json", 1)).isInstanceOf(RunEndedException.class);
    assertThatThrownBy(() -> run.image("a.png", PNG)).isInstanceOf(RunEndedException.class);
    assertThatCode(() -> tracking.artifacts(run.id(), "")).doesNotThrowAnyException();
  }

  record Point(int x, Duration gap) {}

  private Path tree() throws IOException {
    Path source = directory.resolve("source");
    Files.createDirectories(source.resolve("plots"));
    Files.createDirectories(source.resolve("empty"));
    Files.writeString(source.resolve("index.html"), "<p>");
    Files.writeString(source.resolve("plots/a b.csv"), "1,2");
    Files.writeString(source.resolve("plots/ü.txt"), "umlaut");
    return source;
  }

  private static byte[] svg(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
