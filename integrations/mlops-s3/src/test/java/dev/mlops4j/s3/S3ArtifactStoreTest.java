package dev.mlops4j.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.mlops4j.Digest;
import dev.mlops4j.s3.S3StorageException.Problem;
import dev.mlops4j.storage.StorageException;
import dev.mlops4j.storage.StorageReadOnlyException;
import dev.mlops4j.workspace.Artifacts;
import dev.mlops4j.workspace.StoredArtifact;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is particular to S3; the rest is in the contract kit. */
class S3ArtifactStoreTest {

  private static final int MEBIBYTE = 1 << 20;
  private static final int LARGE_BYTES = 64 * MEBIBYTE;
  private static final int SMALL_HEAP_MEBIBYTES = 32;

  private static RunningS3 server;

  @TempDir Path directory;
  private String bucket;

  @BeforeAll
  static void start() {
    server = new RunningS3();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void makeBucket() {
    bucket = server.newBucket();
  }

  /** In a JVM of its own, whose memory holds neither the file nor half of it. */
  @Test
  void aLargeFileGoesPartByPartInTheMemoryOfAFew() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + SMALL_HEAP_MEBIBYTES + "m",
                "-cp",
                System.getProperty("java.class.path"),
                SmallHeap.class.getName(),
                server.endpoint().toString(),
                bucket,
                Integer.toString(LARGE_BYTES),
                directory.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);

    assertThat(process.waitFor()).as(said).isZero();
    Digest expected = SmallHeap.digestOf(new RandomStream(1, LARGE_BYTES));
    assertThat(server.parts(bucket, RunningS3.keyOf(expected))).isEqualTo(8);
    assertThat(temporaryFiles()).isEmpty();
  }

  @Test
  void sizesAroundThePartsComeBackAsTheyWere() throws IOException {
    int part = S3ArtifactStore.Builder.LEAST_PART_BYTES;
    try (S3ArtifactStore store = store().partBytes(part).build()) {
      for (int size : new int[] {0, 1, part - 1, part, part + 1, 2 * part, 2 * part + 1}) {
        byte[] content = bytes(size, size);

        Digest digest = Artifacts.over(store).put(content);

        assertThat(Artifacts.over(store).read(digest)).as("%d bytes", size).isEqualTo(content);
      }
      assertThat(temporaryFiles()).isEmpty();
    }
  }

  @Test
  void partsGrowWhereThereWouldBeTooMany() {
    assertThat(MultipartUpload.partSize(80_000L << 20, 8 << 20)).isEqualTo(8 << 20);
    assertThat(MultipartUpload.partSize((80_000L << 20) + 1, 8 << 20)).isEqualTo((8 << 20) + 1);
    assertThat(MultipartUpload.partSize(1, 8 << 20)).isEqualTo(8 << 20);
  }

  @Test
  void aConnectionThatBreaksOffIsTriedAgain() throws Exception {
    byte[] content = bytes(1, MEBIBYTE);
    try (FaultyProxy proxy = new FaultyProxy(server.port());
        S3ArtifactStore store = store().endpoint(proxy.endpoint()).build()) {
      Artifacts artifacts = Artifacts.over(store);

      proxy.breakRequests(2, MEBIBYTE / 2);
      Digest digest = artifacts.put(content);
      assertThat(proxy.broken).hasValue(2);

      proxy.heal();
      proxy.breakResponses(2, MEBIBYTE / 2);
      assertThat(artifacts.read(digest)).isEqualTo(content);
      assertThat(proxy.broken).hasValue(4);
    }
  }

  @Test
  void anUploadThatFailsHalfWayLeavesNothing() throws Exception {
    byte[] content = bytes(1, 20 * MEBIBYTE);
    try (FaultyProxy proxy = new FaultyProxy(server.port());
        S3ArtifactStore store = store().endpoint(proxy.endpoint()).build()) {
      // The first part arrives, the second is broken off at each of its attempts.
      proxy.breakRequests(100, MEBIBYTE, 10 * MEBIBYTE);

      S3StorageException failed =
          catchThrowableOfType(S3StorageException.class, () -> Artifacts.over(store).put(content));

      assertThat(failed.problem()).isEqualTo(Problem.UNREACHABLE);
      assertThat(failed.bucket()).isEqualTo(bucket);
      assertThat(failed.key()).isEqualTo(RunningS3.keyOf(Digest.of(content)));
      assertThat(failed)
          .hasMessageContaining("cannot write object \"" + failed.key() + "\"")
          .hasMessageContaining("of bucket \"" + bucket + "\" at " + proxy.endpoint());
      proxy.heal();
      assertThat(store.contains(Digest.of(content))).isFalse();
      assertThat(server.uploads(bucket)).isZero();
      assertThat(temporaryFiles()).isEmpty();
      assertThat(Artifacts.over(store).put(content)).isEqualTo(Digest.of(content));
    }
  }

  @Test
  void aDownloadThatBreaksOffAgainAndAgainIsTold() throws Exception {
    byte[] content = bytes(1, MEBIBYTE);
    try (FaultyProxy proxy = new FaultyProxy(server.port());
        S3ArtifactStore store = store().endpoint(proxy.endpoint()).build()) {
      Digest digest = Artifacts.over(store).put(content);
      proxy.breakResponses(1000, MEBIBYTE / 8);

      assertThatThrownBy(() -> Artifacts.over(store).read(digest))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining(digest.hex());
      proxy.heal();
      assertThat(Artifacts.over(store).read(digest)).isEqualTo(content);
    }
  }

  @Test
  void aBucketThatIsNotThereIsToldByItsName() {
    try (S3ArtifactStore store = server.store("no-such-bucket-here").build()) {
      Digest digest = Digest.of("any");
      for (Runnable use :
          List.<Runnable>of(
              () -> Artifacts.over(store).put(bytes(1, 10)),
              () -> Artifacts.over(store).put(bytes(1, 9 * MEBIBYTE)),
              () -> store.open(digest),
              () -> store.contains(digest),
              () -> store.list(artifact -> {}),
              () -> store.delete(List.of(digest)))) {
        S3StorageException missing = catchThrowableOfType(S3StorageException.class, use::run);
        assertThat(missing.problem()).as(missing.getMessage()).isEqualTo(Problem.NO_SUCH_BUCKET);
        assertThat(missing)
            .hasMessage(
                "there is no bucket \"no-such-bucket-here\" at "
                    + server.endpoint()
                    + "; make it, or name the one that is there");
      }
    }
  }

  @Test
  void wrongCredentialsAreToldWithoutTheSecret() {
    try (S3ArtifactStore store =
        store().credentials(RunningS3.ACCESS_KEY, "not-the-secret-at-all").build()) {
      Digest digest = Digest.of("any");

      assertThatThrownBy(() -> Artifacts.over(store).put(bytes(1, 10)))
          .isInstanceOf(StorageReadOnlyException.class)
          .hasMessageContaining("of bucket \"" + bucket + "\"")
          .hasMessageContaining("access denied")
          .hasMessageContaining("s3:PutObject")
          .hasMessageNotContaining("not-the-secret-at-all");
      S3StorageException denied =
          catchThrowableOfType(S3StorageException.class, () -> store.open(digest));
      assertThat(denied.problem()).isEqualTo(Problem.ACCESS_DENIED);
      assertThat(denied.key()).isEqualTo(RunningS3.keyOf(digest));
      assertThatThrownBy(() -> store.contains(digest)).hasMessageContaining("access denied");
      assertThatThrownBy(() -> store.list(one -> {})).hasMessageContaining("access denied");
    }
  }

  @Test
  void aServerThatIsNotThereIsToldByItsAddress() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    URI nowhere = URI.create("http://127.0.0.1:" + free);
    try (S3ArtifactStore store = store().endpoint(nowhere).build()) {
      S3StorageException unreachable =
          catchThrowableOfType(S3StorageException.class, () -> store.contains(Digest.of("any")));

      assertThat(unreachable.problem()).isEqualTo(Problem.UNREACHABLE);
      assertThat(unreachable)
          .hasMessageContaining("of bucket \"" + bucket + "\" at " + nowhere)
          .hasMessageContaining("no answer");
    }
  }

  @Test
  void whatOthersKeepInTheBucketIsNeitherListedNorTouched() {
    Digest digest = Digest.of("any");
    List<String> foreign =
        List.of(
            "readme.txt",
            "mlops4j/readme.txt",
            "mlops4j/sha256/readme.txt",
            "mlops4j/sha256/zz/" + digest.hex(),
            "mlops4j/sha256/" + digest.hex(),
            "mlops4j/sha256/" + digest.hex().substring(0, 2) + "/" + digest.hex() + ".bak",
            "mlops4j/sha256/" + digest.hex().substring(0, 2) + "/x/" + digest.hex(),
            "mlops4j/sha256/ä ö%2F+&=?#/" + digest.hex().toUpperCase(Locale.ROOT));
    foreign.forEach(key -> server.put(bucket, key, bytes(1, 10)));
    try (S3ArtifactStore store = store().build()) {
      Digest own = Artifacts.over(store).put(bytes(2, 10));
      List<Digest> listed = new ArrayList<>();

      store.list(artifact -> listed.add(artifact.digest()));
      store.delete(List.of(digest, own));

      assertThat(listed).containsExactly(own);
      assertThat(server.keys(bucket)).containsExactlyInAnyOrderElementsOf(foreign);
    }
  }

  @Test
  void prefixesKeepStoresApartWhateverCharactersTheyHave() {
    List<String> prefixes = List.of("", "a/", "a/b/", "ä ö/", "100% & more+plus=?#/");
    List<S3ArtifactStore> stores =
        prefixes.stream().map(prefix -> store().prefix(prefix).build()).toList();
    List<Digest> digests = new ArrayList<>();
    for (int i = 0; i < prefixes.size(); i++) {
      digests.add(Artifacts.over(stores.get(i)).put(bytes(i, 100)));
    }
    for (int i = 0; i < prefixes.size(); i++) {
      List<Digest> listed = new ArrayList<>();
      stores.get(i).list(artifact -> listed.add(artifact.digest()));
      assertThat(listed).as(prefixes.get(i)).containsExactly(digests.get(i));
      assertThat(Artifacts.over(stores.get(i)).read(digests.get(i))).isEqualTo(bytes(i, 100));
      assertThat(stores.get(i)).hasToString("s3://" + bucket + "/" + prefixes.get(i));
    }
    stores.forEach(S3ArtifactStore::close);
  }

  @Test
  void moreThanAPageIsListedAndDeleted() {
    int count = 1010;
    for (int i = 0; i < count; i++) {
      byte[] content = Integer.toString(i).getBytes(UTF_8);
      server.put(bucket, RunningS3.keyOf(Digest.of(content)), content);
    }
    try (S3ArtifactStore store = store().build()) {
      List<Digest> listed = new ArrayList<>();
      store.list(artifact -> listed.add(artifact.digest()));
      assertThat(listed).hasSize(count).doesNotHaveDuplicates();

      store.delete(listed);

      assertThat(server.keys(bucket)).isEmpty();
    }
  }

  @Test
  void whatIsSentCarriesItsDigestForTheServerToCompare() throws Exception {
    byte[] small = bytes(1, 1000);
    byte[] large = bytes(2, 9 * MEBIBYTE);
    String ofSmall = MultipartUpload.checksum(Digest.of(small));
    String ofFirstPart = MultipartUpload.checksum(Digest.of(Arrays.copyOf(large, 8 * MEBIBYTE)));
    try (FaultyProxy proxy = new FaultyProxy(server.port());
        S3ArtifactStore store = store().endpoint(proxy.endpoint()).build();
        S3ArtifactStore plain = store().endpoint(proxy.endpoint()).checksums(false).build()) {
      Artifacts.over(plain).put(small);
      Artifacts.over(plain).put(large);
      assertThat(proxy.requests()).doesNotContainIgnoringCase("x-amz-checksum-sha256");

      Artifacts.over(store).put(small);
      Artifacts.over(store).put(large);
      assertThat(proxy.requests())
          .containsIgnoringCase("x-amz-checksum-sha256: " + ofSmall)
          .containsIgnoringCase("x-amz-checksum-sha256: " + ofFirstPart);
    }
    assertThat(server.refusesWrongChecksum(bucket)).isTrue();
  }

  @Test
  void anInterruptEndsNoCallAndIsKept() throws IOException {
    byte[] content = bytes(1, 9 * MEBIBYTE);
    try (S3ArtifactStore store = store().build()) {
      Thread.currentThread().interrupt();
      Digest digest = Artifacts.over(store).put(content);
      byte[] read = Artifacts.over(store).read(digest);
      boolean there = store.contains(digest);
      List<StoredArtifact> listed = new ArrayList<>();
      store.list(listed::add);
      store.delete(List.of(digest));

      assertThat(Thread.interrupted()).isTrue();
      assertThat(read).isEqualTo(content);
      assertThat(there).isTrue();
      assertThat(listed).hasSize(1);
      assertThat(store.contains(digest)).isFalse();
    }
  }

  @Test
  void aClientOfTheCallersStaysOpen() {
    Digest digest;
    try (S3ArtifactStore store = S3ArtifactStore.builder(bucket).client(server.client()).build()) {
      digest = Artifacts.over(store).put(bytes(1, 10));
    }
    try (S3ArtifactStore store = S3ArtifactStore.builder(bucket).client(server.client()).build()) {
      assertThat(Artifacts.over(store).read(digest)).isEqualTo(bytes(1, 10));
    }
  }

  @Test
  void wrongSettingsAreToldAllTogether() {
    assertThatThrownBy(
            () ->
                S3ArtifactStore.builder("Not A Bucket")
                    .prefix("/../x")
                    .partBytes(1)
                    .endpoint(URI.create("minio"))
                    .client(server.client())
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("bucket is \"Not A Bucket\"")
        .hasMessageContaining("prefix is \"/../x\"")
        .hasMessageContaining("partBytes is 1; it is 5242880 to 1073741824")
        .hasMessageContaining("endpoint is minio")
        .hasMessageContaining("client(...) brings its own region");
    for (String prefix :
        List.of("a", "/", "a//b/", "./", "a/../", " /", "a\n/", "x".repeat(600) + "/")) {
      assertThatThrownBy(() -> S3ArtifactStore.builder("bucket").prefix(prefix).build())
          .as(prefix)
          .hasMessageContaining("prefix is");
    }
  }

  private S3ArtifactStore.Builder store() {
    return server.store(bucket).temporaryDirectory(directory);
  }

  private List<Path> temporaryFiles() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".tmp")).toList();
    }
  }

  private static byte[] bytes(long seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }
}
