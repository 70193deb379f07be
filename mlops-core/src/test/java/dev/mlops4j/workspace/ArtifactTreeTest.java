package dev.mlops4j.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.Digest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactTreeTest {

  private static final Map<String, byte[]> FILES =
      Map.of("a.txt", new byte[] {1, 2, 3}, "b/c.txt", new byte[] {4});

  @TempDir Path directory;
  private Workspace workspace;
  private Artifacts artifacts;

  @BeforeEach
  void open() {
    workspace = Workspace.open(directory);
    artifacts = workspace.artifacts();
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  @Test
  void theDigestOfATreeIsKnownWithoutKeepingIt() throws IOException {
    Digest digest = Artifacts.treeDigest(FILES);
    try (Stream<Path> files = Files.walk(directory)) {
      assertThat(files.filter(file -> file.toString().contains("sha256"))).isEmpty();
    }
    assertThat(artifacts.putTree(FILES)).isEqualTo(digest);
    assertThatThrownBy(() -> Artifacts.treeDigest(Map.of("../a", new byte[1])))
        .isInstanceOf(InvalidArtifactPathException.class);
  }

  @Test
  void sizesAndSingleFilesAreReadWithoutTheOthers() throws IOException {
    Digest tree = artifacts.putTree(FILES);
    delete(Digest.of(new byte[] {1, 2, 3}));
    assertThat(artifacts.sizes(tree)).isEqualTo(Map.of("a.txt", 3L, "b/c.txt", 1L));
    assertThat(artifacts.readFile(tree, "b/c.txt")).containsExactly(4);
    assertThatThrownBy(() -> artifacts.readFile(tree, "a.txt"))
        .isInstanceOf(NoSuchArtifactException.class);
    assertThatThrownBy(() -> artifacts.readFile(tree, "d.txt"))
        .isInstanceOf(CorruptArtifactException.class)
        .hasMessageContaining("has no file \"d.txt\", only [a.txt, b/c.txt]");
    assertThatThrownBy(() -> artifacts.sizes(Digest.of(new byte[] {4})))
        .isInstanceOf(CorruptArtifactException.class);
  }

  private void delete(Digest digest) throws IOException {
    String end = digest.hex().substring(10);
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(file -> file.toString().endsWith(end)).toList()) {
        Files.delete(file);
      }
    }
  }
}
