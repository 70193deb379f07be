package dev.mlops4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.Digest;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Schema;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.RunFacts;
import dev.mlops4j.model.StoredPackage;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The import of versions with altered archives, whose digests are put right, so that the index and
 * each file of the package are read: some thousand always, a million in the profile soak.
 */
public class VersionArchiveFuzzTest {

  private static @Nullable HostileVersions fuzzed;

  @TempDir Path directory;
  private Path archive;

  @BeforeEach
  void export() {
    archive = directory.resolve("sound.zip");
    try (Workspace workspace = Workspace.open(directory.resolve("from"))) {
      DatasetReference data =
          new DatasetReference(
              "flights",
              "training",
              Digest.of("flights"),
              300,
              Schema.builder().required("wind", ColumnType.FLOAT64).sensitive("wind").build(),
              "CSV flights.csv");
      RunFacts facts = new RunFacts(Map.of("depth", "6"), Map.of("auc", 0.75), List.of(data));
      ModelPackage trained = TinyModel.packaged().fromRun("run");
      Digest digest = workspace.artifacts().putTree(trained.files());
      Registry registry = Registry.in(workspace);
      ModelVersion version =
          registry.register("delay", new StoredPackage(digest, trained.manifest(), facts));
      registry.describe("delay").description("Is it late?").owner("ann").tag("tier", "1").commit();
      registry.exportTo(archive, List.of(version));
    }
  }

  /** What Jazzer calls first. */
  public static void fuzzerInitialize() throws IOException {
    Path sound = Path.of(System.getProperty(ArchiveFuzzer.ARCHIVE));
    fuzzed = new HostileVersions(sound, sound.resolveSibling("altered.zip"));
  }

  /** What Jazzer calls with every input it makes. */
  public static void fuzzerTestOneInput(byte[] input) {
    HostileVersions hostile = fuzzed;
    if (hostile != null) {
      hostile.isImported(input);
    }
  }

  @Test
  void whatIsNotAlteredIsImported() throws IOException {
    ArchiveFuzzer.trySeeds(hostile());
  }

  @Test
  void aFileOfTwoSizesIsRefused() throws IOException {
    HostileVersions hostile = hostile();
    assertThat(hostile.isImported(hostile.withAFileOfTwoSizes())).isFalse();
  }

  @Test
  void whatIsAlteredAtRandomIsImportedOrRefused() throws IOException {
    ArchiveFuzzer.tryChanges(hostile());
  }

  @Test
  @Tag("soak")
  void aMillionArchivesAreImportedOrRefused() throws IOException, InterruptedException {
    ArchiveFuzzer.fuzz(
        VersionArchiveFuzzTest.class,
        List.of("dev.mlops4j.registry.**", "dev.mlops4j.workspace.**", "dev.mlops4j.model.**"),
        archive,
        hostile());
  }

  private HostileVersions hostile() throws IOException {
    return new HostileVersions(archive, directory.resolve("altered.zip"));
  }
}
