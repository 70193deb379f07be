package dev.mlops4j.workspace;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.Digest;
import dev.mlops4j.MlopsException;
import dev.mlops4j.storage.Database;
import dev.mlops4j.storage.Migration;
import dev.mlops4j.storage.SchemaTooOldException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GarbageCollectionTest {

  private static final Duration GRACE = Duration.ofHours(1);
  private static final Duration LONG_AGO = Duration.ofDays(2);

  private static final Migration REFERRER =
      Migration.of(
          1,
          "CREATE TABLE thing (digest TEXT NOT NULL, tree INTEGER NOT NULL)",
          "CREATE VIEW artifact_reference_things AS SELECT digest, tree FROM thing");

  @TempDir Path directory;
  @TempDir Path elsewhere;
  private Workspace workspace;
  private Artifacts artifacts;
  private Database things;

  @BeforeEach
  void open() {
    workspace = Workspace.open(directory);
    artifacts = workspace.artifacts();
    things = workspace.database(Area.METADATA).withSchema("things", List.of(REFERRER));
    things.write(tx -> tx.update("DELETE FROM thing"));
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  @Test
  void deletesWhatNobodyRefersToAndNothingElse() {
    Digest file = old(past -> past.put(bytes("file")));
    Digest tree = old(past -> past.putTree(Map.of("a", bytes("in tree"), "b", bytes("shared"))));
    Digest lostTree = old(past -> past.putTree(Map.of("c", bytes("lost"), "d", bytes("shared"))));
    Digest lost = old(past -> past.put(bytes("nobody's")));
    refer(file, false);
    refer(file, false);
    refer(tree, true);

    Garbage deleted = artifacts.collectGarbage(GRACE);

    assertThat(artifacts.read(file)).isEqualTo(bytes("file"));
    assertThat(artifacts.readTree(tree)).containsOnlyKeys("a", "b");
    assertThat(artifacts.contains(lostTree)).isFalse();
    assertThat(artifacts.contains(lost)).isFalse();
    assertThat(artifacts.contains(Digest.of("lost"))).isFalse();
    assertThat(deleted.artifacts()).isEqualTo(3);
    assertThat(deleted.bytes()).isGreaterThan("nobody's".length() + "lost".length());
    assertThat(deleted.referenced()).isEqualTo(4);
    assertThat(deleted.young()).isZero();
    assertThat(deleted)
        .hasToString(
            "deleted 3 unreferenced artifacts of "
                + deleted.bytes()
                + " bytes; 4 are referred to, 0 were put lately");
    assertThat(artifacts.collectGarbage(GRACE)).isEqualTo(new Garbage(0, 0, 4, 0, true));
  }

  @Test
  void aTreeThatIsReferredToAsAFileIsJustThatFile() {
    Digest tree = old(past -> past.putTree(Map.of("a", bytes("in tree"))));
    refer(tree, false);

    artifacts.collectGarbage(GRACE);

    assertThat(artifacts.contains(tree)).isTrue();
    assertThat(artifacts.contains(Digest.of("in tree"))).isFalse();
  }

  @Test
  void aSearchChangesNothing() {
    old(past -> past.put(bytes("nobody's")));
    List<Path> before = files();

    assertThat(artifacts.findGarbage(GRACE)).isEqualTo(new Garbage(1, 8, 0, 0, false));
    assertThat(artifacts.findGarbage(GRACE))
        .hasToString(
            "found 1 unreferenced artifacts of 8 bytes; 0 are referred to, 0 were put lately");

    assertThat(files()).isEqualTo(before);
  }

  @Test
  void whatIsNotReferredToYetIsSpared() {
    Digest file = artifacts.put(bytes("file"));
    Digest tree = artifacts.putTree(Map.of("a", bytes("in tree")));

    assertThat(artifacts.collectGarbage(GRACE)).isEqualTo(new Garbage(0, 0, 0, 3, true));

    assertThat(artifacts.contains(file)).isTrue();
    assertThat(artifacts.readTree(tree)).containsOnlyKeys("a");
  }

  @Test
  void whatWasPutAgainOrRenewedIsSparedWhateverTheAgeThatTheStoreTells() throws IOException {
    Digest file = old(past -> past.put(bytes("file")));
    Digest path = old(past -> past.put(bytes("path")));
    Digest tree = old(past -> past.putTree(Map.of("a", bytes("in tree"))));
    Digest renewed = old(past -> past.putTree(Map.of("a", bytes("in renewed tree"))));
    artifacts.put(bytes("file"));
    artifacts.put(Files.write(elsewhere.resolve("path"), bytes("path")));
    artifacts.putTree(Map.of("a", bytes("in tree")));
    artifacts.renewTree(renewed);
    makeOld();

    assertThat(artifacts.findGarbage(GRACE)).isEqualTo(new Garbage(0, 0, 0, 6, false));
    assertThat(artifacts.collectGarbage(GRACE)).isEqualTo(new Garbage(0, 0, 0, 6, true));

    assertThat(artifacts.contains(file) && artifacts.contains(path)).isTrue();
    assertThat(artifacts.readTree(tree)).containsOnlyKeys("a");
    assertThat(artifacts.readTree(renewed)).containsOnlyKeys("a");
  }

  @Test
  void aFileThatIsCollectedBetweenItsPutAndTheNoteOfItIsPutOnceMore() throws IOException {
    old(past -> past.put(bytes("file")));
    FileArtifactStore files = FileArtifactStore.open(store(), Instant::now);
    AtomicBoolean first = new AtomicBoolean(true);
    ArtifactStore interposed =
        new Forwarding(files) {
          @Override
          public Digest put(InputStream content) throws IOException {
            Digest digest = super.put(content);
            if (first.getAndSet(false)) {
              makeOld();
              assertThat(artifacts.collectGarbage(GRACE).artifacts()).isEqualTo(1);
            }
            return digest;
          }
        };
    try (Workspace other = Workspace.at(directory).artifacts(interposed).open()) {
      Path file = Files.write(elsewhere.resolve("file"), bytes("file"));

      Digest digest = other.artifacts().put(file);

      assertThat(other.artifacts().read(digest)).isEqualTo(bytes("file"));
    }
  }

  @Test
  void aTreeThatCannotBeReadStopsAll() throws IOException {
    Digest tree = old(past -> past.putTree(Map.of("a", bytes("in tree"))));
    Digest lost = old(past -> past.put(bytes("nobody's")));
    refer(tree, true);
    FileArtifactStore.open(store(), Instant::now).delete(List.of(tree));

    assertThatThrownBy(() -> artifacts.collectGarbage(GRACE))
        .isInstanceOf(MlopsException.class)
        .hasMessageContaining("refers to the tree " + tree)
        .hasMessageContaining("Nothing was deleted");

    assertThat(artifacts.contains(lost)).isTrue();
    assertThat(artifacts.contains(Digest.of("in tree"))).isTrue();
  }

  @Test
  void runsOfALibraryThatLeftNoViewStopAll() {
    Digest lost = old(past -> past.put(bytes("nobody's")));
    things.write(
        tx ->
            tx.update(
                "INSERT INTO mlops_schema (component, version, oldest_reader) VALUES (?, 1, 1)",
                "tracking"));

    assertThatThrownBy(() -> artifacts.collectGarbage(GRACE))
        .isInstanceOf(SchemaTooOldException.class)
        .hasMessageContaining("holds tracking in version 1");

    assertThat(artifacts.contains(lost)).isTrue();
  }

  @Test
  void aWorkspaceInWhichNothingWasDoneYetIsCollected() {
    try (Workspace empty = Workspace.open(elsewhere.resolve("empty"))) {
      assertThat(empty.artifacts().collectGarbage(GRACE)).isEqualTo(new Garbage(0, 0, 0, 0, true));
    }
  }

  @Test
  void noGraceIsRefused() {
    assertThatThrownBy(() -> artifacts.collectGarbage(Duration.ofSeconds(59)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is PT59S; it must be PT1M at least");
  }

  @Test
  void outsideOfAWorkspaceNobodyKnowsWhatGarbageIs() {
    Artifacts alone = Artifacts.over(FileArtifactStore.open(store(), Instant::now));

    assertThatThrownBy(() -> alone.collectGarbage(GRACE)).isInstanceOf(IllegalStateException.class);
  }

  /**
   * Everything was put long ago and is garbage, until a writer puts it again and refers to it, as
   * two processes would: over and over beside two that collect.
   */
  @Test
  void nothingThatIsReferredToIsEverLost() throws Exception {
    for (int round = 0; round < 5; round++) {
      int own = round;
      old(
          past -> {
            for (int i = 0; i < 60; i++) {
              past.put(bytes("file", own, i));
              past.putTree(Map.of("a", bytes("tree", own, i), "b", bytes("other", own, i)));
            }
            return Digest.of("");
          });
      AtomicBoolean done = new AtomicBoolean();
      List<CompletableFuture<Void>> collectors = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        collectors.add(aside(() -> collectUntil(done)));
      }
      List<CompletableFuture<Void>> writers = new ArrayList<>();
      writers.add(aside(() -> putAndRefer(own, true)));
      writers.add(aside(() -> putAndRefer(own, false)));
      for (CompletableFuture<Void> writer : writers) {
        writer.get(120, TimeUnit.SECONDS);
      }
      done.set(true);
      for (CompletableFuture<Void> collector : collectors) {
        collector.get(120, TimeUnit.SECONDS);
      }
      for (int i = 0; i < 60; i += 2) {
        assertThat(artifacts.read(Digest.of(bytes("file", own, i)))).isNotEmpty();
        Digest tree = artifacts.putTree(treeOf(own, i));
        assertThat(artifacts.readTree(tree)).hasSize(2);
      }
    }
  }

  private Map<String, byte[]> treeOf(int round, int i) {
    return Map.of("a", bytes("tree", round, i), "b", bytes("other", round, i));
  }

  private void collectUntil(AtomicBoolean done) {
    try (Workspace collecting = Workspace.open(directory)) {
      while (!done.get()) {
        collecting.artifacts().collectGarbage(GRACE);
      }
    }
  }

  private void putAndRefer(int round, boolean fromFiles) throws IOException {
    try (Workspace writing = Workspace.open(directory)) {
      for (int i = 0; i < 60; i += 2) {
        Digest file;
        if (fromFiles) {
          Path content = Files.write(elsewhere.resolve("content"), bytes("file", round, i));
          file = writing.artifacts().put(content);
        } else {
          file = writing.artifacts().put(bytes("file", round, i));
        }
        refer(file, false);
        Digest tree = writing.artifacts().putTree(treeOf(round, i));
        refer(tree, true);
        // Whole now, and not only in the end, when the other writer may have put it right.
        assertThat(writing.artifacts().read(file)).isEqualTo(bytes("file", round, i));
        assertThat(writing.artifacts().readTree(tree)).hasSize(2);
      }
    }
  }

  private void refer(Digest digest, boolean tree) {
    things.write(
        tx ->
            tx.update(
                "INSERT INTO thing (digest, tree) VALUES (?, ?)", digest.hex(), tree ? 1 : 0));
  }

  /** Puts something two days ago. */
  private Digest old(Function<Artifacts, Digest> put) {
    Instant then = Instant.now().minus(LONG_AGO);
    try (Workspace past = Workspace.at(directory).systemClock(() -> then).open()) {
      Digest digest = put.apply(past.artifacts());
      makeOld();
      return digest;
    }
  }

  private void makeOld() {
    FileTime then = FileTime.from(Instant.now().minus(LONG_AGO));
    for (Path file : files()) {
      try {
        Files.setLastModifiedTime(file, then);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private Path store() {
    return directory.resolve("artifacts");
  }

  private List<Path> files() {
    try (Stream<Path> all = Files.walk(store().resolve("sha256"))) {
      return all.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] bytes(Object... parts) {
    return Stream.of(parts).map(String::valueOf).reduce("", String::concat).getBytes(UTF_8);
  }

  private static CompletableFuture<Void> aside(Work work) {
    CompletableFuture<Void> result = new CompletableFuture<>();
    new Thread(
            () -> {
              try {
                work.run();
                result.complete(null);
              } catch (Throwable e) {
                result.completeExceptionally(e);
              }
            })
        .start();
    return result;
  }

  private interface Work {
    void run() throws Exception;
  }

  /** A store that does what another one does. */
  private static class Forwarding implements ArtifactStore {

    private final ArtifactStore to;

    Forwarding(ArtifactStore to) {
      this.to = to;
    }

    @Override
    public Digest put(InputStream content) throws IOException {
      return to.put(content);
    }

    @Override
    public InputStream open(Digest digest) {
      return to.open(digest);
    }

    @Override
    public boolean contains(Digest digest) {
      return to.contains(digest);
    }

    @Override
    public void list(Consumer<? super StoredArtifact> visitor) {
      to.list(visitor);
    }

    @Override
    public void delete(Collection<Digest> digests) {
      to.delete(digests);
    }
  }
}
