package dev.mlops4j.testkit;

import dev.mlops4j.Digest;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Schema;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The import of runs with altered archives, whose digests are put right, so that the index, the
 * points and the trees are read: some thousand always, a million in the profile soak.
 */
public class RunArchiveFuzzTest {

  private static @Nullable HostileRuns fuzzed;

  @TempDir Path directory;
  private Path archive;

  @BeforeEach
  void export() {
    archive = directory.resolve("sound.zip");
    try (Workspace workspace = Workspace.open(directory.resolve("from"))) {
      Tracking tracking = Tracking.in(workspace);
      Run first = tracking.start("delay", "first");
      first.fail(new IllegalStateException("no more memory"));
      Run run = tracking.resume(first.id());
      run.param("depth", 6);
      run.seed("split", 42);
      run.metric("loss", 1, 0.5);
      run.metric("loss", 2, Double.NaN);
      run.metric("auc", Double.POSITIVE_INFINITY);
      run.tag("team", "flights");
      run.notes("# Why");
      run.log(
          new DatasetReference(
              "flights",
              "training",
              Digest.of("flights"),
              300,
              Schema.builder().required("wind", ColumnType.floats(3)).sensitive("wind").build(),
              "CSV flights.csv"));
      run.artifact("notes.txt", "hello");
      run.log(TinyModel.packaged());
      run.close();
      RunRecord child = run(tracking, run.id());
      tracking.exportTo(archive, List.of(tracking.run(run.id()), child));
    }
  }

  private static RunRecord run(Tracking tracking, String parentId) {
    Run child = tracking.startChild(parentId, "delay", "child");
    child.metric("loss", 0.25);
    child.close();
    return tracking.run(child.id());
  }

  /** What Jazzer calls first. */
  public static void fuzzerInitialize() throws IOException {
    Path sound = Path.of(System.getProperty(ArchiveFuzzer.ARCHIVE));
    fuzzed = new HostileRuns(sound, sound.resolveSibling("altered.zip"));
  }

  /** What Jazzer calls with every input it makes. */
  public static void fuzzerTestOneInput(byte[] input) {
    HostileRuns hostile = fuzzed;
    if (hostile != null) {
      hostile.isImported(input);
    }
  }

  @Test
  void whatIsNotAlteredIsImported() throws IOException {
    ArchiveFuzzer.trySeeds(hostile());
  }

  @Test
  void whatIsAlteredAtRandomIsImportedOrRefused() throws IOException {
    ArchiveFuzzer.tryChanges(hostile());
  }

  @Test
  @Tag("soak")
  void aMillionArchivesAreImportedOrRefused() throws IOException, InterruptedException {
    ArchiveFuzzer.fuzz(
        RunArchiveFuzzTest.class,
        List.of("dev.mlops4j.tracking.**", "dev.mlops4j.workspace.**", "dev.mlops4j.model.**"),
        archive,
        hostile());
  }

  private HostileRuns hostile() throws IOException {
    return new HostileRuns(archive, directory.resolve("altered.zip"));
  }
}
