package dev.mlops4j.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.mlops4j.Digest;
import dev.mlops4j.workspace.ArtifactStore;
import dev.mlops4j.workspace.Artifacts;
import dev.mlops4j.workspace.CorruptArtifactException;
import dev.mlops4j.workspace.InvalidArtifactPathException;
import dev.mlops4j.workspace.NoSuchArtifactException;
import dev.mlops4j.workspace.StoredArtifact;
import dev.mlops4j.workspace.UnreadableFileException;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What every {@link ArtifactStore} must do, alone and under {@link Artifacts}. The author of a
 * backend extends it and says how a store is opened and how its bytes are damaged.
 */
public abstract class ArtifactStoreContract {

  private static final int LARGE_BYTES = 3_000_000;

  private static final List<String> PATHS_OUTSIDE =
      List.of(
          "",
          "/etc/passwd",
          "C:/windows",
          "../up",
          "a/../../up",
          "a/./b",
          "a//b",
          "a/",
          "a\\b",
          "a:b",
          "a/ /b",
          "a\nb",
          "a\0b");

  private ArtifactStore store;
  private Artifacts artifacts;

  /** A kit for one kind of store. */
  protected ArtifactStoreContract() {}

  /**
   * Opens the store of this test. The first call in a test gives an empty one; a later call opens
   * the same store anew, as after a restart.
   *
   * @throws IOException if it cannot be opened
   */
  protected abstract ArtifactStore openStore() throws IOException;

  /**
   * Replaces the bytes that are kept under a digest, behind the store's back.
   *
   * @throws IOException if they cannot be replaced
   */
  protected abstract void damage(Digest digest, byte[] content) throws IOException;

  @BeforeEach
  void openTheStore() throws IOException {
    store = openStore();
    artifacts = Artifacts.over(store);
  }

  @Nested
  class Put {

    @Test
    void givesTheDigestOfTheBytesAndKeepsThem() throws IOException {
      byte[] content = bytes(1, LARGE_BYTES);

      Digest digest = store.put(new ByteArrayInputStream(content));

      assertThat(digest).isEqualTo(Digest.of(content));
      assertThat(store.contains(digest)).isTrue();
      assertThat(stored(digest)).isEqualTo(content);
    }

    @Test
    void keepsNothingAsWellAsSomething() throws IOException {
      Digest digest = store.put(InputStream.nullInputStream());

      assertThat(stored(digest)).isEmpty();
    }

    @Test
    void ofTheSameBytesAgainChangesNothing() throws IOException {
      byte[] content = bytes(2, 1000);
      Digest first = store.put(new ByteArrayInputStream(content));

      Digest second = store.put(new ByteArrayInputStream(content));

      assertThat(second).isEqualTo(first);
      assertThat(stored(first)).isEqualTo(content);
    }

    @Test
    void doesNotCloseWhatItReads() throws IOException {
      AtomicBoolean closed = new AtomicBoolean();
      store.put(
          new ByteArrayInputStream(new byte[10]) {
            @Override
            public void close() {
              closed.set(true);
            }
          });

      assertThat(closed).isFalse();
    }

    @Test
    void ofWhatCannotBeReadToItsEndKeepsNothing() {
      byte[] beginning = bytes(3, LARGE_BYTES);
      InputStream breaksOff =
          new FilterInputStream(new ByteArrayInputStream(beginning)) {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
              int read = super.read(buffer, offset, length);
              if (read < 0) {
                throw new IOException("the line went dead");
              }
              return read;
            }
          };

      assertThatThrownBy(() -> store.put(breaksOff))
          .isInstanceOf(IOException.class)
          .hasMessage("the line went dead");
      assertThat(store.contains(Digest.of(beginning))).isFalse();
    }

    @Test
    void isNotDisturbedByAnInterrupt() throws IOException {
      byte[] content = bytes(4, 1000);
      Thread.currentThread().interrupt();

      Digest digest = store.put(new ByteArrayInputStream(content));

      assertThat(Thread.interrupted()).isTrue();
      assertThat(stored(digest)).isEqualTo(content);
    }

    @Test
    void putsRightWhatWasDamaged() throws IOException {
      byte[] content = bytes(5, 1000);
      Digest digest = artifacts.put(content);
      damage(digest, Arrays.copyOf(content, 500));

      artifacts.put(content);

      assertThat(artifacts.read(digest)).isEqualTo(content);
    }
  }

  @Nested
  class Listed {

    @Test
    void isEverythingOnceWithItsSize() {
      Map<Digest, Long> expected = new HashMap<>();
      for (int i = 0; i < 20; i++) {
        byte[] content = bytes(20 + i, 50 * i);
        expected.put(artifacts.put(content), (long) content.length);
        artifacts.put(content);
      }

      List<StoredArtifact> listed = list();

      assertThat(listed).hasSize(expected.size());
      for (StoredArtifact artifact : listed) {
        assertThat(artifact.bytes()).isEqualTo(expected.get(artifact.digest()));
      }
    }

    @Test
    void isNothingWhereNothingWasPut() {
      assertThat(list()).isEmpty();
    }

    @Test
    void isTheTimeOfTheLastPut() {
      artifacts.put(bytes(1, 10));
      Instant first = list().get(0).putAt();
      artifacts.put(bytes(2, 10));
      artifacts.put(bytes(1, 10));

      assertThat(list()).allSatisfy(one -> assertThat(one.putAt()).isAfterOrEqualTo(first));
    }

    @Test
    void canBeDeletedOnTheWay() {
      Digest kept = artifacts.put(bytes(0, 10));
      for (int i = 1; i < 20; i++) {
        artifacts.put(bytes(i, 10));
      }

      store.list(
          artifact -> {
            if (!artifact.digest().equals(kept)) {
              store.delete(List.of(artifact.digest()));
            }
          });

      assertThat(list()).extracting(StoredArtifact::digest).containsExactly(kept);
    }

    @Test
    void endsWithWhatTheVisitorThrows() {
      artifacts.put(bytes(1, 10));
      IllegalStateException enough = new IllegalStateException("enough");

      assertThatThrownBy(
              () ->
                  store.list(
                      artifact -> {
                        throw enough;
                      }))
          .isSameAs(enough);
    }
  }

  @Nested
  class Deleted {

    @Test
    void areTheseAndNoOthers() {
      Digest gone = artifacts.put(bytes(1, 10));
      Digest too = artifacts.put(bytes(2, LARGE_BYTES));
      Digest kept = artifacts.put(bytes(3, 10));

      store.delete(List.of(gone, too));

      assertThat(store.contains(gone)).isFalse();
      assertThat(store.contains(too)).isFalse();
      assertThatThrownBy(() -> store.open(gone)).isInstanceOf(NoSuchArtifactException.class);
      assertThat(artifacts.read(kept)).isEqualTo(bytes(3, 10));
      assertThat(list()).extracting(StoredArtifact::digest).containsExactly(kept);
    }

    @Test
    void areWhatIsNotThereAndNothingAsWell() {
      Digest kept = artifacts.put(bytes(1, 10));

      store.delete(List.of(Digest.of("never put")));
      store.delete(List.of());

      assertThat(store.contains(kept)).isTrue();
    }

    @Test
    void canBePutAgain() {
      byte[] content = bytes(1, 10);
      Digest digest = artifacts.put(content);
      store.delete(List.of(digest));

      artifacts.put(content);

      assertThat(artifacts.read(digest)).isEqualTo(content);
    }
  }

  @Nested
  class Concurrent {

    @Test
    void putsOfTheSameAndOfOtherBytesAllSucceed() {
      CountDownLatch start = new CountDownLatch(1);
      List<CompletableFuture<Digest>> puts = new ArrayList<>();
      List<byte[]> contents = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        byte[] content = bytes(i % 3, 100_000);
        contents.add(content);
        puts.add(
            CompletableFuture.supplyAsync(
                () -> {
                  await(start);
                  return artifacts.put(content);
                },
                task -> new Thread(task).start()));
      }
      start.countDown();

      for (int i = 0; i < puts.size(); i++) {
        assertThat(artifacts.read(puts.get(i).join())).isEqualTo(contents.get(i));
      }
    }

    @Test
    void readersSeeAllOfItOrNothingWhileItIsPut() {
      byte[] content = bytes(7, LARGE_BYTES);
      Digest digest = Digest.of(content);
      CompletableFuture<Digest> put =
          CompletableFuture.supplyAsync(
              () -> artifacts.put(content), task -> new Thread(task).start());

      while (!put.isDone()) {
        if (artifacts.contains(digest)) {
          assertThat(artifacts.read(digest)).hasSize(LARGE_BYTES);
        }
      }
      assertThat(put.join()).isEqualTo(digest);
    }
  }

  @Nested
  class Missing {

    @Test
    void isToldWithTheDigest() {
      Digest digest = Digest.of("never put");

      NoSuchArtifactException missing =
          catchThrowableOfType(NoSuchArtifactException.class, () -> store.open(digest));

      assertThat(missing.digest()).isEqualTo(digest);
      assertThat(missing).hasMessageContaining("there is no artifact " + digest);
      assertThat(store.contains(digest)).isFalse();
    }

    @Test
    void isToldByTheArtifactsAsWell(@TempDir Path directory) {
      Digest digest = Digest.of("never put");
      Path file = directory.resolve("file");

      assertThatThrownBy(() -> artifacts.read(digest)).isInstanceOf(NoSuchArtifactException.class);
      assertThatThrownBy(() -> artifacts.readTree(digest))
          .isInstanceOf(NoSuchArtifactException.class);
      assertThatThrownBy(() -> artifacts.writeTo(digest, file))
          .isInstanceOf(NoSuchArtifactException.class);
      assertThat(directory).isEmptyDirectory();
    }
  }

  @Nested
  class Damaged {

    private final byte[] content = bytes(8, 1000);

    @Test
    void byTruncationIsToldBeforeAByteIsSeen(@TempDir Path directory) throws IOException {
      Digest digest = artifacts.put(content);
      byte[] half = Arrays.copyOf(content, 500);
      damage(digest, half);

      CorruptArtifactException corrupt =
          catchThrowableOfType(CorruptArtifactException.class, () -> artifacts.read(digest));
      assertThat(corrupt.digest()).isEqualTo(digest);
      assertThat(corrupt)
          .hasMessageContaining(digest.hex())
          .hasMessageContaining("its 500 bytes have the digest " + Digest.of(half))
          .hasMessageContaining("Put it again");
      assertThatThrownBy(() -> artifacts.writeTo(digest, directory.resolve("file")))
          .isInstanceOf(CorruptArtifactException.class);
      assertThat(directory).isEmptyDirectory();
    }

    @Test
    void byOneBitIsTold() throws IOException {
      Digest digest = artifacts.put(content);
      byte[] altered = content.clone();
      altered[999] ^= 1;
      damage(digest, altered);

      assertThatThrownBy(() -> artifacts.read(digest))
          .isInstanceOf(CorruptArtifactException.class)
          .hasMessageContaining("its 1000 bytes have the digest " + Digest.of(altered));
    }

    @Test
    void fileOfATreeIsToldWithBothSizes() throws IOException {
      Digest tree = artifacts.putTree(Map.of("model/a", content, "model/b", bytes(9, 10)));
      damage(Digest.of(content), Arrays.copyOf(content, 999));

      assertThatThrownBy(() -> artifacts.readTree(tree))
          .isInstanceOf(CorruptArtifactException.class)
          .hasMessageContaining("it had 1000 bytes when it was put and has 999 now");
    }

    @Test
    void storeStaysAsItWas() throws IOException {
      Digest digest = artifacts.put(content);
      damage(digest, new byte[3]);

      assertThatThrownBy(() -> artifacts.read(digest)).isInstanceOf(CorruptArtifactException.class);

      assertThat(stored(digest)).hasSize(3);
    }
  }

  @Nested
  class SingleFiles {

    @Test
    void comeBackAsTheyWere(@TempDir Path directory) throws IOException {
      byte[] content = bytes(10, LARGE_BYTES);
      Path source = Files.write(directory.resolve("source"), content);
      Path target = Files.writeString(directory.resolve("target"), "old");

      Digest digest = artifacts.put(source);
      artifacts.writeTo(digest, target);

      assertThat(digest).isEqualTo(Digest.of(content));
      assertThat(target).hasBinaryContent(content);
      try (var entries = Files.list(directory)) {
        assertThat(entries).hasSize(2);
      }
    }

    @Test
    void thatCannotBeReadAreTold(@TempDir Path directory) {
      Path lost = directory.resolve("lost");

      assertThatThrownBy(() -> artifacts.put(lost))
          .isInstanceOf(UnreadableFileException.class)
          .hasMessageContaining("cannot read " + lost)
          .hasMessageContaining("NoSuchFileException")
          .hasMessageContaining("Nothing was stored");
    }
  }

  @Nested
  class Trees {

    @Test
    void comeBackAsTheyWere() {
      SortedMap<String, byte[]> files = new TreeMap<>();
      files.put("manifest.json", bytes(11, 100));
      files.put("model/model.ubj", bytes(12, 10_000));
      files.put("model/änderung.txt", new byte[0]);
      files.put("copy of model.ubj", bytes(12, 10_000));

      Digest tree = artifacts.putTree(files);

      SortedMap<String, byte[]> read = artifacts.readTree(tree);
      assertThat(read.keySet()).containsExactlyElementsOf(files.keySet());
      files.forEach((path, content) -> assertThat(read.get(path)).as(path).isEqualTo(content));
    }

    @Test
    void ofTheSameFilesHaveTheSameDigestWhateverTheOrder() {
      SortedMap<String, byte[]> backwards = new TreeMap<>((a, b) -> b.compareTo(a));
      backwards.put("a", bytes(13, 10));
      backwards.put("b", bytes(14, 10));

      assertThat(artifacts.putTree(new TreeMap<>(backwards)))
          .isEqualTo(artifacts.putTree(backwards));
    }

    @Test
    void differWhenAPathOrAByteDiffers() {
      Digest tree = artifacts.putTree(Map.of("a", bytes(15, 10)));

      assertThat(artifacts.putTree(Map.of("b", bytes(15, 10)))).isNotEqualTo(tree);
      assertThat(artifacts.putTree(Map.of("a", bytes(16, 10)))).isNotEqualTo(tree);
      assertThat(artifacts.putTree(Map.of())).isNotEqualTo(tree);
    }

    @Test
    void refuseAPathThatIsNotInsideThem() {
      byte[] content = bytes(17, 10);
      for (String path : PATHS_OUTSIDE) {
        InvalidArtifactPathException refused =
            catchThrowableOfType(
                InvalidArtifactPathException.class,
                () -> artifacts.putTree(Map.of("fine", content, path, content)));

        assertThat(refused).as(path).hasMessageContaining("cannot be a path in a tree");
        assertThat(refused.path()).isEqualTo(path);
      }
      assertThat(artifacts.contains(Digest.of(content))).isFalse();
    }

    @Test
    void refusePathsThatSomeSystemsTakeForTheSame() {
      assertThatThrownBy(() -> artifacts.putTree(tree("Model.txt", "model.TXT")))
          .isInstanceOf(InvalidArtifactPathException.class)
          .hasMessageContaining("it is the same file as \"Model.txt\"");
      assertThatThrownBy(() -> artifacts.putTree(tree("a\u0308", "\u00e4")))
          .isInstanceOf(InvalidArtifactPathException.class);
    }

    @Test
    void refuseAFileWithinAFile() {
      assertThatThrownBy(() -> artifacts.putTree(tree("model", "Model/a.txt")))
          .isInstanceOf(InvalidArtifactPathException.class)
          .hasMessageContaining("it lies in \"model\", which is a file");
    }

    @Test
    void areNotMadeOfJustAnyFile() {
      Digest text = artifacts.put("{\"format\":\"another\"}".getBytes(UTF_8));
      Digest noise = artifacts.put(bytes(18, 100));

      assertThatThrownBy(() -> artifacts.readTree(text))
          .isInstanceOf(CorruptArtifactException.class)
          .hasMessageContaining("is not the manifest of a tree");
      assertThatThrownBy(() -> artifacts.readTree(noise))
          .isInstanceOf(CorruptArtifactException.class)
          .hasMessageContaining("it is not JSON");
    }

    private SortedMap<String, byte[]> tree(String... paths) {
      SortedMap<String, byte[]> files = new TreeMap<>();
      for (String path : paths) {
        files.put(path, new byte[1]);
      }
      return files;
    }
  }

  @Nested
  class Reopened {

    @Test
    void hasWhatWasPutBefore() throws IOException {
      byte[] content = bytes(19, 1000);
      Digest digest = artifacts.put(content);
      Digest tree = artifacts.putTree(Map.of("a", content));

      Artifacts reopened = Artifacts.over(openStore());

      assertThat(reopened.read(digest)).isEqualTo(content);
      assertThat(reopened.readTree(tree)).containsOnlyKeys("a");
    }
  }

  private List<StoredArtifact> list() {
    List<StoredArtifact> listed = new ArrayList<>();
    store.list(listed::add);
    return listed;
  }

  private byte[] stored(Digest digest) throws IOException {
    try (InputStream in = store.open(digest)) {
      return in.readAllBytes();
    }
  }

  private static byte[] bytes(long seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
