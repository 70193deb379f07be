package dev.mlops4j.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.Digest;
import dev.mlops4j.model.Environment;
import dev.mlops4j.model.Manifest;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.StoredPackage;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.tracking.JdbcTrackingStore;
import dev.mlops4j.tracking.PurgedRuns;
import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.RunArtifact;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Artifacts;
import dev.mlops4j.workspace.Garbage;
import dev.mlops4j.workspace.NoSuchArtifactException;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** To what runs and versions refer is no garbage. */
class WorkspaceGarbageTest {

  private static final Duration GRACE = Duration.ofHours(1);
  private static final Duration LATER = Duration.ofDays(2);
  private static final Signature SIGNATURE =
      new Signature(List.of(Signature.Input.numeric("wind")), Signature.Output.binary("late"));

  @TempDir Path directory;

  /** Settings for the workspace of this test; each call as if by another process. */
  Workspace.Builder settings() {
    return Workspace.at(directory.resolve("workspace"));
  }

  @Test
  void whatRunsAndVersionsReferToStaysAlsoForAProgramThatUsesNeither() {
    Digest lost;
    Digest lostTree;
    ModelVersion version;
    String runId;
    Digest logged;
    try (Workspace workspace = settings().open();
        Tracking tracking = Tracking.in(workspace)) {
      Artifacts artifacts = workspace.artifacts();
      lost = artifacts.put(bytes("nobody's"));
      lostTree = artifacts.putTree(Map.of("model.txt", bytes("nobody's model")));
      version = Registry.in(workspace).register("delays", stored(artifacts, "registered"));
      try (Run run = tracking.start("delays")) {
        runId = run.id();
        run.artifact("notes.txt", "good");
        run.artifact("replaced.txt", "first");
        run.artifact("replaced.txt", "second");
        logged = artifacts.putTree(Map.of("model.txt", bytes("logged")));
        new JdbcTrackingStore(workspace.database(Area.METADATA))
            .putArtifact(runId, new RunArtifact("m", RunArtifact.Kind.MODEL, logged, 6));
      }
    }

    try (Workspace later = settings().systemClock(() -> Instant.now().plus(LATER)).open()) {
      Garbage deleted = later.artifacts().collectGarbage(GRACE);
      assertThat(deleted.artifacts()).isEqualTo(4);
      assertThat(deleted.referenced()).isEqualTo(6);
      assertThat(later.artifacts().contains(lost)).isFalse();
      assertThat(later.artifacts().contains(lostTree)).isFalse();
      assertThat(later.artifacts().contains(Digest.of("first"))).isFalse();
    }

    try (Workspace workspace = settings().open();
        Tracking tracking = Tracking.in(workspace)) {
      assertThat(tracking.artifact(runId, "notes.txt")).isEqualTo(bytes("good"));
      assertThat(tracking.artifact(runId, "replaced.txt")).isEqualTo(bytes("second"));
      assertThat(workspace.artifacts().readTree(logged)).containsOnlyKeys("model.txt");
      assertThat(workspace.artifacts().readTree(version.packageDigest()))
          .containsOnlyKeys("model.txt");
      Registry registry = Registry.in(workspace);
      assertThatThrownBy(() -> registry.register("delays", stored(lostTree)))
          .isInstanceOf(NoSuchArtifactException.class);
      assertThat(registry.versions("delays")).hasSize(1);
    }
  }

  @Test
  void nothingThatIsRegisteredOrLoggedMeanwhileIsLost() throws Exception {
    for (int round = 0; round < 4; round++) {
      String own = "round " + round + " ";
      old(own);
      AtomicBoolean done = new AtomicBoolean();
      CompletableFuture<Void> collector = aside(() -> collectUntil(done));
      List<CompletableFuture<Void>> writers = new ArrayList<>();
      for (int writer = 0; writer < 2; writer++) {
        writers.add(aside(() -> registerAndLog(own)));
      }
      for (CompletableFuture<Void> writer : writers) {
        writer.get(120, TimeUnit.SECONDS);
      }
      done.set(true);
      collector.get(120, TimeUnit.SECONDS);
    }
    try (Workspace workspace = settings().open();
        Tracking tracking = Tracking.in(workspace)) {
      Registry registry = Registry.in(workspace);
      for (ModelVersion version : registry.versions("delays")) {
        assertThat(workspace.artifacts().readTree(version.packageDigest())).hasSize(1);
      }
      tracking
          .runs("delays")
          .forEach(
              run ->
                  run.artifacts()
                      .keySet()
                      .forEach(path -> assertThat(tracking.artifact(run.id(), path)).isNotEmpty()));
    }
  }

  @Test
  void aPurgeRemovesTheArtifactsThatNoOtherRunOrVersionUsesAndNothingElse() {
    String purged;
    String other;
    ModelVersion version;
    Digest own;
    Digest nobodys;
    try (Workspace workspace = settings().open();
        Tracking tracking = Tracking.in(workspace)) {
      Artifacts artifacts = workspace.artifacts();
      JdbcTrackingStore store = new JdbcTrackingStore(workspace.database(Area.METADATA));
      nobodys = artifacts.put(bytes("nobody's"));
      StoredPackage registered = stored(artifacts, "registered");
      version = Registry.in(workspace).register("delays", registered);
      own = artifacts.putTree(Map.of("a", bytes("own in tree"), "b", bytes("registered")));
      try (Run run = tracking.start("delays")) {
        purged = run.id();
        run.artifact("notes.txt", "own");
        run.artifact("shared.txt", "shared");
        store.putArtifact(purged, artifact("registered", registered.digest()));
        store.putArtifact(purged, artifact("own", own));
      }
      try (Run run = tracking.start("delays")) {
        other = run.id();
        run.artifact("same.txt", "shared");
      }
      tracking.delete(purged);
    }

    try (Workspace later = settings().systemClock(() -> Instant.now().plus(LATER)).open();
        Tracking tracking = Tracking.in(later)) {
      PurgedRuns runs = tracking.purge(Duration.ofDays(1), GRACE);

      assertThat(runs.ids()).containsExactly(purged);
      assertThat(runs.artifacts().deleted()).isTrue();
      assertThat(runs.artifacts().artifacts()).isEqualTo(3);
      assertThat(runs.artifacts().referenced()).isEqualTo(3);
      assertThat(later.artifacts().contains(Digest.of("own"))).isFalse();
      assertThat(later.artifacts().contains(Digest.of("own in tree"))).isFalse();
      assertThat(later.artifacts().contains(own)).isFalse();
      assertThat(tracking.artifact(other, "same.txt")).isEqualTo(bytes("shared"));
      assertThat(later.artifacts().readTree(version.packageDigest())).containsOnlyKeys("model.txt");
      assertThat(later.artifacts().read(nobodys)).isEqualTo(bytes("nobody's"));
      assertThat(tracking.purge(Duration.ZERO)).isEmpty();
    }
  }

  @Test
  void aPurgeLeavesWhatWasPutLatelyToALaterCollection() {
    try (Workspace workspace = settings().open();
        Tracking tracking = Tracking.in(workspace)) {
      String id;
      try (Run run = tracking.start("delays")) {
        id = run.id();
        run.artifact("notes.txt", "young");
      }
      tracking.delete(id);

      assertThatThrownBy(() -> tracking.purge(Duration.ZERO, Duration.ofSeconds(1)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(tracking.run(id).deletedAt()).isNotNull();
      assertThat(tracking.purge(Duration.ZERO, GRACE).artifacts())
          .isEqualTo(new Garbage(0, 0, 0, 1, true));
      assertThat(workspace.artifacts().contains(Digest.of("young"))).isTrue();
    }
  }

  private static RunArtifact artifact(String path, Digest tree) {
    return new RunArtifact(path, RunArtifact.Kind.MODEL, tree, 6);
  }

  private void registerAndLog(String round) {
    try (Workspace workspace = settings().open();
        Tracking tracking = Tracking.in(workspace);
        Run run = tracking.start("delays")) {
      Registry registry = Registry.in(workspace);
      for (int i = 0; i < 15; i++) {
        run.artifact("file " + i, round + "file " + i);
        registry.register("delays", stored(workspace.artifacts(), round + i));
      }
    }
  }

  private void collectUntil(AtomicBoolean done) {
    try (Workspace workspace = settings().open()) {
      while (!done.get()) {
        workspace.artifacts().collectGarbage(GRACE);
      }
    }
  }

  /** Has what the writers will put be garbage of two days ago. */
  private void old(String round) throws IOException {
    Instant then = Instant.now().minus(LATER);
    try (Workspace past = settings().systemClock(() -> then).open()) {
      for (int i = 0; i < 15; i++) {
        past.artifacts().put(bytes(round + "file " + i));
        stored(past.artifacts(), round + i);
      }
    }
    try (Stream<Path> files = Files.walk(directory.resolve("workspace/artifacts/sha256"))) {
      files.filter(Files::isRegularFile).forEach(file -> setTime(file, then));
    }
  }

  private static void setTime(Path file, Instant then) {
    try {
      Files.setLastModifiedTime(file, FileTime.from(then));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static StoredPackage stored(Artifacts artifacts, String content) {
    return stored(artifacts.putTree(Map.of("model.txt", bytes(content))));
  }

  private static StoredPackage stored(Digest tree) {
    return new StoredPackage(
        tree,
        new Manifest(
            Manifest.FORMAT_VERSION,
            "onnx",
            SIGNATURE,
            "flight_delay",
            null,
            List.of(),
            null,
            Environment.current()));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static CompletableFuture<Void> aside(Runnable work) {
    return CompletableFuture.runAsync(work, task -> new Thread(task).start());
  }
}
