package dev.mlops4j.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.mlops4j.Digest;
import dev.mlops4j.storage.Database;
import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.ArtifactStore;
import dev.mlops4j.workspace.BackupReport;
import dev.mlops4j.workspace.FileArtifactStore;
import dev.mlops4j.workspace.NotAWorkspaceException;
import dev.mlops4j.workspace.StoredArtifact;
import dev.mlops4j.workspace.Workspace;
import dev.mlops4j.workspace.WorkspaceBackup;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A workspace is backed up while others use it, and the backup is whole. */
class WorkspaceBackupTest {

  @TempDir Path directory;

  @Test
  void aBackupIsAWorkspaceOfItsOwn() {
    String runId;
    try (Workspace workspace = Workspace.open(source());
        Tracking tracking = Tracking.in(workspace)) {
      runId = log(tracking, "first");
      Path monday = backup();
      BackupReport report = WorkspaceBackup.of(workspace).to(monday);
      assertThat(report).isEqualTo(new BackupReport(1, 5, List.of()));
      log(tracking, "second");
    }
    try (Workspace workspace = Workspace.open(source());
        Workspace copy = Workspace.open(backup());
        Tracking tracking = Tracking.in(copy)) {
      assertThat(copy.id()).isNotEqualTo(workspace.id());
      assertThat(tracking.runs("flights")).extracting(RunRecord::id).containsExactly(runId);
      assertThat(tracking.artifact(runId, "notes.txt")).isEqualTo("first".getBytes(UTF_8));
      log(tracking, "third");
      assertThat(Tracking.in(workspace).runs("flights")).hasSize(2);
    }
  }

  @Test
  void copiesOfArtifactsAreFilesOfTheirOwn() throws IOException {
    try (Workspace workspace = Workspace.open(source());
        Tracking tracking = Tracking.in(workspace)) {
      String runId = log(tracking, "first");
      WorkspaceBackup.of(workspace).to(backup());
      Path copied = directory.resolve("copied");
      assertThat(WorkspaceBackup.of(workspace).copyingArtifacts().to(copied).bytes()).isEqualTo(5);
      // In place, as a fault of the disk would.
      Files.writeString(file(source(), "first"), "fault");
      assertThat(file(backup(), "first")).hasContent("fault");
      try (Workspace copy = Workspace.open(copied)) {
        assertThat(Tracking.in(copy).artifact(runId, "notes.txt"))
            .isEqualTo("first".getBytes(UTF_8));
      }
    }
  }

  @Test
  void whatWasWrittenBeforeIsThereWhileOthersWriteAndCollectGarbage() throws Exception {
    AtomicBoolean done = new AtomicBoolean();
    CountDownLatch writing = new CountDownLatch(3);
    List<CompletableFuture<Void>> others = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      String writer = "writer " + i;
      others.add(aside(() -> writeUntil(done, writing, writer)));
    }
    others.add(aside(() -> collectUntil(done, writing)));
    assertThat(writing.await(60, TimeUnit.SECONDS)).isTrue();
    try (Workspace workspace = Workspace.open(source());
        Tracking tracking = Tracking.in(workspace)) {
      for (int round = 0; round < 3; round++) {
        List<String> before =
            tracking.runs("flights", RunStatus.FINISHED).stream().map(RunRecord::id).toList();
        Path place = directory.resolve("backup " + round);
        assertThat(WorkspaceBackup.of(workspace).to(place).missing()).isEmpty();
        assertWhole(place, before);
      }
    } finally {
      done.set(true);
      for (CompletableFuture<Void> other : others) {
        other.get(120, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void whatIsCollectedBetweenTheDatabasesAndTheArtifactsIsNotReferredTo() {
    AtomicBoolean purged = new AtomicBoolean();
    Instant now = Instant.now();
    FileArtifactStore files =
        FileArtifactStore.open(directory.resolve("store"), InstantSource.system());
    String[] runs = new String[2];
    InstantSource later = () -> now.plus(Duration.ofDays(2));
    ArtifactStore store =
        new Listening(
            files,
            () -> {
              if (!purged.getAndSet(true)) {
                try (Workspace other =
                        Workspace.at(source()).artifacts(files).systemClock(later).open();
                    Tracking tracking = Tracking.in(other)) {
                  tracking.delete(runs[0]);
                  assertThat(
                          tracking.purge(Duration.ZERO, Duration.ofDays(1)).artifacts().artifacts())
                      .isEqualTo(1);
                }
              }
            });
    try (Workspace workspace = Workspace.at(source()).artifacts(store).open();
        Tracking tracking = Tracking.in(workspace)) {
      runs[0] = log(tracking, "first");
      runs[1] = log(tracking, "second");
      purged.set(false);
      BackupReport report = WorkspaceBackup.of(workspace).to(backup());
      assertThat(purged).isTrue();
      assertThat(report.missing()).isEmpty();
    }
    try (Workspace copy = Workspace.open(backup());
        Tracking tracking = Tracking.in(copy)) {
      assertThat(tracking.runs("flights")).extracting(RunRecord::id).containsExactly(runs[1]);
    }
  }

  @Test
  void whatTheWorkspaceHasLostIsSaid() throws IOException {
    try (Workspace workspace = Workspace.open(source());
        Tracking tracking = Tracking.in(workspace)) {
      log(tracking, "first");
      Files.delete(file(source(), "first"));
      assertThat(WorkspaceBackup.of(workspace).to(backup()).missing())
          .containsExactly(Digest.of("first"));
    }
  }

  @Test
  void whatIsThereAlreadyStaysAsItIs() throws IOException {
    Files.createDirectory(backup());
    Files.writeString(backup().resolve("mine.txt"), "mine");
    Path file = Files.writeString(directory.resolve("file"), "mine");
    try (Workspace workspace = Workspace.open(source())) {
      for (Path place : List.of(backup(), file, source())) {
        assertThatThrownBy(() -> WorkspaceBackup.of(workspace).to(place))
            .isInstanceOf(NotAWorkspaceException.class)
            .hasMessageContaining("Nothing was changed");
      }
    }
    assertThat(backup()).isDirectoryContaining(each -> each.endsWith("mine.txt"));
    assertThat(file).hasContent("mine");
  }

  @Test
  void whatAnInterruptedBackupLeftIsNoWorkspace() {
    ArtifactStore broken =
        new Listening(
            FileArtifactStore.open(directory.resolve("store"), InstantSource.system()),
            () -> {
              throw new IllegalStateException("the cable was pulled");
            });
    try (Workspace workspace = Workspace.at(source()).artifacts(broken).open();
        Tracking tracking = Tracking.in(workspace)) {
      log(tracking, "first");
      assertThatThrownBy(() -> WorkspaceBackup.of(workspace).to(backup()))
          .hasMessage("the cable was pulled");
    }
    assertThatThrownBy(() -> Workspace.open(backup())).isInstanceOf(NotAWorkspaceException.class);
  }

  @Test
  void databasesOnAServerAreNotBackedUp() {
    try (HikariDataSource pool = PostgresServer.pool();
        Database database = Database.postgres(pool, PostgresServer.newSchema());
        Workspace workspace = Workspace.at(source()).database(database).open()) {
      assertThatThrownBy(() -> WorkspaceBackup.of(workspace).to(backup()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("pg_dump");
      assertThat(backup()).doesNotExist();
    }
  }

  private static void assertWhole(Path place, List<String> before) {
    try (Workspace copy = Workspace.open(place);
        Tracking tracking = Tracking.in(copy)) {
      List<RunRecord> runs = tracking.runs("flights");
      assertThat(runs).extracting(RunRecord::id).containsAll(before);
      for (RunRecord run : runs) {
        for (String path : run.artifacts().keySet()) {
          assertThat(tracking.artifact(run.id(), path)).isNotEmpty();
        }
        if (before.contains(run.id())) {
          assertThat(run.artifacts()).hasSize(1);
          assertThat(run.metrics()).containsKey("auc");
        }
      }
    }
  }

  private void writeUntil(AtomicBoolean done, CountDownLatch writing, String writer) {
    try (Workspace workspace = Workspace.open(source());
        Tracking tracking = Tracking.in(workspace)) {
      for (int i = 0; !done.get(); i++) {
        try (Run run = tracking.start("flights")) {
          run.artifact("notes.txt", writer + " first " + i);
          run.artifact("notes.txt", writer + " then " + i);
          run.metric("auc", i);
        }
        writing.countDown();
      }
    }
  }

  private void collectUntil(AtomicBoolean done, CountDownLatch collecting) {
    try (Workspace workspace = Workspace.open(source())) {
      while (!done.get()) {
        workspace.artifacts().collectGarbage(Duration.ofMinutes(1));
        collecting.countDown();
      }
    }
  }

  private static String log(Tracking tracking, String content) {
    try (Run run = tracking.start("flights")) {
      run.artifact("notes.txt", content);
      return run.id();
    }
  }

  private Path source() {
    return directory.resolve("source");
  }

  private Path backup() {
    return directory.resolve("backup");
  }

  private static Path file(Path workspace, String content) {
    String hex = Digest.of(content).hex();
    return workspace.resolve("artifacts/sha256").resolve(hex.substring(0, 2)).resolve(hex);
  }

  private static CompletableFuture<Void> aside(Runnable work) {
    return CompletableFuture.runAsync(work, task -> new Thread(task).start());
  }

  /** Does something before each listing. */
  private record Listening(ArtifactStore store, Runnable first) implements ArtifactStore {

    @Override
    public Digest put(InputStream content) throws IOException {
      return store.put(content);
    }

    @Override
    public InputStream open(Digest digest) {
      return store.open(digest);
    }

    @Override
    public boolean contains(Digest digest) {
      return store.contains(digest);
    }

    @Override
    public void list(Consumer<? super StoredArtifact> visitor) {
      first.run();
      store.list(visitor);
    }

    @Override
    public void delete(Collection<Digest> digests) {
      store.delete(digests);
    }
  }
}
