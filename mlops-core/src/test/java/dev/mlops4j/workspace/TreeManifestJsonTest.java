package dev.mlops4j.workspace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.Digest;
import dev.mlops4j.storage.SchemaTooNewException;
import java.io.IOException;
import java.io.InputStream;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class TreeManifestJsonTest {

  private static final Digest TREE = Digest.of("any");

  @Test
  void version1IsWrittenAndReadAsInItsGoldenFile() throws IOException {
    TreeMap<String, TreeManifest.Entry> files = new TreeMap<>();
    files.put("model/änderung \"1\".txt", new TreeManifest.Entry(0, Digest.of("")));
    files.put("manifest.json", new TreeManifest.Entry(1L << 33, Digest.of("a")));
    TreeManifest manifest = new TreeManifest(files);
    byte[] golden = golden("tree-v1.json");

    assertThat(TreeManifestJson.write(manifest)).isEqualTo(golden);
    assertThat(TreeManifestJson.read(TREE, golden)).isEqualTo(manifest);
  }

  @Test
  void aLaterVersionIsRefused() {
    byte[] later = "{\"format\":\"mlops4j-tree\",\"version\":2,\"files\":[]}".getBytes(UTF_8);

    assertThatThrownBy(() -> TreeManifestJson.read(TREE, later))
        .isInstanceOf(SchemaTooNewException.class)
        .hasMessageContaining(TREE + " holds a tree in version 2");
  }

  @Test
  void aPathThatLeadsOutOfTheTreeIsRefusedEvenInASoundArtifact() {
    byte[] evil =
        ("{\"format\":\"mlops4j-tree\",\"version\":1,\"files\":[{\"path\":\"../x\",\"size\":0,"
                + "\"sha256\":\""
                + TREE
                + "\"}]}")
            .getBytes(UTF_8);

    assertThatThrownBy(() -> TreeManifestJson.read(TREE, evil))
        .isInstanceOf(InvalidArtifactPathException.class)
        .hasMessageContaining("\"../x\"");
  }

  @Test
  void aFileWithoutASoundDigestOrSizeIsRefused() {
    assertRefused("{\"path\":\"a\",\"size\":0}", "one of its files has no sha256");
    assertRefused(
        "{\"path\":\"a\",\"size\":0,\"sha256\":\"xyz\"}", "one of its files has no sha256");
    assertRefused("{\"path\":\"a\",\"sha256\":\"" + TREE + "\"}", "one of its files has no size");
  }

  private static void assertRefused(String file, String why) {
    byte[] json =
        ("{\"format\":\"mlops4j-tree\",\"version\":1,\"files\":[" + file + "]}").getBytes(UTF_8);
    assertThatThrownBy(() -> TreeManifestJson.read(TREE, json))
        .isInstanceOf(CorruptArtifactException.class)
        .hasMessageContaining(why);
  }

  private static byte[] golden(String name) throws IOException {
    try (InputStream in = TreeManifestJsonTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    }
  }
}
