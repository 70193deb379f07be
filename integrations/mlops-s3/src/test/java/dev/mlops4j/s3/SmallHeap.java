package dev.mlops4j.s3;

import dev.mlops4j.Digest;
import dev.mlops4j.workspace.Artifacts;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/** Puts and reads a file in a JVM that is started with little memory. */
final class SmallHeap {

  private SmallHeap() {}

  /** Takes the endpoint, the bucket, the size of the file and a directory. */
  public static void main(String[] args) throws IOException {
    int size = Integer.parseInt(args[2]);
    Path directory = Path.of(args[3]);
    Digest expected = digestOf(new RandomStream(1, size));
    try (S3ArtifactStore store =
        S3ArtifactStore.builder(args[1])
            .endpoint(URI.create(args[0]))
            .credentials(RunningS3.ACCESS_KEY, RunningS3.SECRET_KEY)
            .temporaryDirectory(directory)
            .build()) {
      Digest digest = store.put(new RandomStream(1, size));
      Path copy = directory.resolve("copy");
      Artifacts.over(store).writeTo(digest, copy);
      if (!digest.equals(expected) || !digestOf(Files.newInputStream(copy)).equals(expected)) {
        throw new IllegalStateException("put as " + digest + ", expected " + expected);
      }
    }
  }

  static Digest digestOf(InputStream content) throws IOException {
    MessageDigest sha256 = Digest.sha256();
    byte[] buffer = new byte[1 << 16];
    try (content) {
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        sha256.update(buffer, 0, n);
      }
    }
    return Digest.of(sha256);
  }
}
