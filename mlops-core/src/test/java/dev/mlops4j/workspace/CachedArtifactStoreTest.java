package dev.mlops4j.workspace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.Digest;
import dev.mlops4j.storage.StorageException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is particular to the cache; the rest is in the contract kit. */
class CachedArtifactStoreTest {

  private static final int MAX_BYTES = 10_000;

  @TempDir Path directory;
  private final MemoryArtifactStore remote = new MemoryArtifactStore();
  private Instant now = Instant.parse("2013-07-01T00:00:00Z");

  @Test
  void anArtifactIsFetchedOnceAndReadFromTheDirectoryAfterwards() throws IOException {
    Digest digest = remotely(bytes(1, 1000));
    CachedArtifactStore cache = cache();

    for (int i = 0; i < 3; i++) {
      assertThat(read(cache, digest)).isEqualTo(bytes(1, 1000));
    }

    assertThat(remote.opens).hasValue(1);
    assertThat(cache.statistics()).isEqualTo(new CacheStatistics(2, 1, 0, 0, 1, 1000));
  }

  @Test
  void whatIsKeptIsReadWithoutTheRemoteStoreAndAfterARestart() throws IOException {
    Digest digest = remotely(bytes(1, 1000));
    read(cache(), digest);
    remote.unreachable = true;

    assertThat(read(cache(), digest)).isEqualTo(bytes(1, 1000));
    assertThatThrownBy(() -> read(cache(), Digest.of("another")))
        .isInstanceOf(StorageException.class)
        .hasMessage("memory is out of reach");
  }

  @Test
  void whatIsPutIsKept() throws IOException {
    CachedArtifactStore cache = cache();
    Digest digest = Artifacts.over(cache).put(bytes(1, 1000));

    assertThat(remote.contents).containsKey(digest);
    assertThat(read(cache, digest)).isEqualTo(bytes(1, 1000));
    assertThat(remote.opens).hasValue(0);
  }

  @Test
  void whatCouldNotBePutLeavesNothing() throws IOException {
    CachedArtifactStore cache = cache();
    InputStream breaksOff =
        new FilterInputStream(InputStream.nullInputStream()) {
          @Override
          public int read(byte[] buffer, int offset, int length) throws IOException {
            throw new IOException("the line went dead");
          }
        };

    assertThatThrownBy(() -> cache.put(breaksOff)).hasMessage("the line went dead");
    remote.unreachable = true;
    assertThatThrownBy(() -> Artifacts.over(cache).put(bytes(1, 10)))
        .isInstanceOf(StorageException.class);

    assertThat(files()).isEmpty();
  }

  @Test
  void aDamagedCopyIsDroppedAndFetchedAgain() throws IOException {
    Digest digest = remotely(bytes(1, 1000));
    CachedArtifactStore cache = cache();
    read(cache, digest);

    for (byte[] damage : List.of(Arrays.copyOf(bytes(1, 1000), 999), bytes(2, 1000))) {
      Files.write(fileOf(digest), damage);
      assertThat(read(cache, digest)).isEqualTo(bytes(1, 1000));
      assertThat(fileOf(digest)).hasBinaryContent(bytes(1, 1000));
    }

    assertThat(cache.statistics().damaged()).isEqualTo(2);
    assertThat(remote.opens).hasValue(3);
  }

  @Test
  void whatIsDamagedInTheRemoteStoreIsHandedOnAndNotKept() throws IOException {
    Digest digest = remotely(bytes(1, 1000));
    remote.contents.put(digest, bytes(2, 900));
    CachedArtifactStore cache = cache();

    assertThat(read(cache, digest)).isEqualTo(bytes(2, 900));
    assertThatThrownBy(() -> Artifacts.over(cache).read(digest))
        .isInstanceOf(CorruptArtifactException.class);

    assertThat(files()).isEmpty();
  }

  @Test
  void anArtifactLargerThanTheBoundIsReadAndNotKept() throws IOException {
    Digest small = remotely(bytes(1, 1000));
    Digest large = remotely(bytes(2, MAX_BYTES + 1));
    CachedArtifactStore cache = cache();
    read(cache, small);

    assertThat(read(cache, large)).isEqualTo(bytes(2, MAX_BYTES + 1));

    assertThat(files()).containsExactly(fileOf(small));
  }

  /** Against a model: a map in the order of access. */
  @Test
  void theLeastRecentlyUsedGoFirstAndTheBoundHoldsAtEachMoment() throws IOException {
    Random random = new Random(42);
    List<byte[]> contents = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      contents.add(bytes(i, 1 + random.nextInt(MAX_BYTES / 3)));
      remotely(contents.get(i));
    }
    Map<Digest, Integer> model = new LinkedHashMap<>(16, 0.75f, true);
    CachedArtifactStore cache = cache();
    long evicted = 0;
    for (int step = 0; step < 1000; step++) {
      now = now.plusSeconds(1);
      byte[] content = contents.get((int) Math.abs(random.nextGaussian() * 8) % 30);
      Digest digest = Digest.of(content);
      if (random.nextInt(10) == 0) {
        Artifacts.over(cache).put(content);
      } else {
        assertThat(read(cache, digest)).isEqualTo(content);
      }
      model.put(digest, content.length);
      while (model.values().stream().mapToInt(i -> i).sum() > MAX_BYTES) {
        model.remove(model.keySet().iterator().next());
        evicted++;
      }
      assertThat(files())
          .containsExactlyInAnyOrderElementsOf(model.keySet().stream().map(this::fileOf).toList());
    }
    assertThat(cache.statistics().evictions()).isEqualTo(evicted).isPositive();
    assertThat(cache.statistics().bytes()).isLessThanOrEqualTo(MAX_BYTES);
  }

  @Test
  void whatManyThreadsWantIsFetchedOnce() throws Exception {
    Digest digest = remotely(bytes(1, 5000));
    CountDownLatch fetching = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    remote.onOpen =
        () -> {
          fetching.countDown();
          await(goOn);
        };
    CachedArtifactStore cache = cache();
    List<CompletableFuture<byte[]>> readers = new ArrayList<>();
    readers.add(readAside(cache, digest));
    await(fetching);
    for (int i = 0; i < 7; i++) {
      readers.add(readAside(cache, digest));
    }
    goOn.countDown();

    for (CompletableFuture<byte[]> reader : readers) {
      assertThat(reader.get(60, TimeUnit.SECONDS)).isEqualTo(bytes(1, 5000));
    }
    assertThat(remote.opens).hasValue(1);
  }

  @Test
  void whoWaitsForAFetchThatFailsAsksItself() throws Exception {
    Digest digest = remotely(bytes(1, 5000));
    CountDownLatch fetching = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    remote.onOpen =
        () -> {
          if (fetching.getCount() > 0) {
            fetching.countDown();
            await(goOn);
            throw new StorageException("out of reach for a moment", null);
          }
        };
    CachedArtifactStore cache = cache();
    CompletableFuture<byte[]> first = readAside(cache, digest);
    await(fetching);
    CompletableFuture<byte[]> second = readAside(cache, digest);
    goOn.countDown();

    assertThatThrownBy(() -> first.get(60, TimeUnit.SECONDS))
        .hasMessageContaining("out of reach for a moment");
    assertThat(second.get(60, TimeUnit.SECONDS)).isEqualTo(bytes(1, 5000));
  }

  @Test
  void severalOnOneDirectoryStayWithinTheBoundTogether() throws Exception {
    List<Digest> digests = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      digests.add(remotely(bytes(i, 1500 + 100 * i)));
    }
    List<CompletableFuture<Void>> readers = new ArrayList<>();
    for (int reader = 0; reader < 4; reader++) {
      CachedArtifactStore own =
          CachedArtifactStore.over(remote, directory.resolve("cache"), MAX_BYTES);
      Random random = new Random(reader);
      readers.add(
          aside(
              () -> {
                for (int i = 0; i < 150; i++) {
                  int which = random.nextInt(20);
                  assertThat(read(own, digests.get(which)))
                      .isEqualTo(bytes(which, 1500 + 100 * which));
                  // With the lock, as a list taken while files come and go adds up what never was.
                  try (var lock = InterProcessLock.take(cacheLock())) {
                    assertThat(own.statistics().bytes()).isLessThanOrEqualTo(MAX_BYTES);
                  }
                }
                return null;
              }));
    }
    for (CompletableFuture<Void> reader : readers) {
      reader.get(120, TimeUnit.SECONDS);
    }
    try (Stream<Path> temporary = Files.list(directory.resolve("cache/tmp"))) {
      assertThat(temporary).isEmpty();
    }
  }

  @Test
  void processesStayWithinTheBoundTogether() throws Exception {
    FileArtifactStore shared = FileArtifactStore.open(directory.resolve("remote"), () -> now);
    for (int i = 0; i < 20; i++) {
      Artifacts.over(shared).put(bytes(i, 1500 + 100 * i));
    }
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      processes.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  CacheReader.class.getName(),
                  directory.toString(),
                  Integer.toString(MAX_BYTES),
                  Integer.toString(i))
              .redirectErrorStream(true)
              .start());
    }
    for (Process process : processes) {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
    }
    assertThat(cache().statistics().bytes()).isPositive().isLessThanOrEqualTo(MAX_BYTES);
  }

  @Test
  void aDirectoryThatCannotBeWrittenMakesItSlowerAndNotWrong() throws IOException {
    Digest digest = remotely(bytes(1, 1000));
    Files.writeString(directory.resolve("cache"), "not a directory");
    CachedArtifactStore cache = cache();

    assertThat(read(cache, digest)).isEqualTo(bytes(1, 1000));
    assertThat(Artifacts.over(cache).put(bytes(2, 1000))).isEqualTo(Digest.of(bytes(2, 1000)));

    assertThat(remote.contents).hasSize(2);
    assertThat(directory.resolve("cache")).hasContent("not a directory");
  }

  @Test
  void whatIsDeletedIsGoneHereToo() throws IOException {
    CachedArtifactStore cache = cache();
    Digest digest = Artifacts.over(cache).put(bytes(1, 1000));

    cache.delete(List.of(digest));

    assertThat(files()).isEmpty();
    assertThatThrownBy(() -> cache.open(digest)).isInstanceOf(NoSuchArtifactException.class);
  }

  @Test
  void filesThatAProcessLeftAreDeletedADayLater() throws IOException {
    Path temporary = Files.createDirectories(directory.resolve("cache/tmp"));
    Path old = Files.writeString(temporary.resolve("old.tmp"), "half");
    Path young = Files.writeString(temporary.resolve("young.tmp"), "half");
    Files.setLastModifiedTime(old, FileTime.from(now.minus(Duration.ofHours(25))));
    Files.setLastModifiedTime(young, FileTime.from(now.minus(Duration.ofHours(23))));

    cache();

    assertThat(old).doesNotExist();
    assertThat(young).exists();
  }

  @Test
  void aBoundOfNothingIsRefused() {
    assertThatThrownBy(() -> CachedArtifactStore.over(remote, directory, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maxBytes is 0");
  }

  private CachedArtifactStore cache() {
    return CachedArtifactStore.over(remote, directory.resolve("cache"), MAX_BYTES, () -> now);
  }

  private Digest remotely(byte[] content) {
    Digest digest = Digest.of(content);
    remote.contents.put(digest, content);
    return digest;
  }

  private static byte[] read(ArtifactStore store, Digest digest) throws IOException {
    try (InputStream content = store.open(digest)) {
      return content.readAllBytes();
    }
  }

  private static CompletableFuture<byte[]> readAside(ArtifactStore store, Digest digest) {
    return aside(() -> read(store, digest));
  }

  private static <R> CompletableFuture<R> aside(Callable<R> work) {
    CompletableFuture<R> result = new CompletableFuture<>();
    new Thread(
            () -> {
              try {
                result.complete(work.call());
              } catch (Throwable e) {
                result.completeExceptionally(e);
              }
            })
        .start();
    return result;
  }

  private Path cacheLock() throws IOException {
    return directory.toRealPath().resolve("cache/lock");
  }

  private Path fileOf(Digest digest) {
    return directory.resolve("cache/files").resolve(digest.hex());
  }

  /** All that the directory holds, halves of files too. */
  private List<Path> files() throws IOException {
    if (!Files.isDirectory(directory.resolve("cache"))) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(directory.resolve("cache"))) {
      return all.filter(Files::isRegularFile).filter(file -> !file.endsWith("lock")).toList();
    }
  }

  private static byte[] bytes(long seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static void await(CountDownLatch latch) {
    try {
      if (!latch.await(60, TimeUnit.SECONDS)) {
        throw new IllegalStateException("nobody came");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
