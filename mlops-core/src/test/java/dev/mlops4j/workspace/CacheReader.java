package dev.mlops4j.workspace;

import dev.mlops4j.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** A process that reads through a cache that others use too. */
final class CacheReader {

  private CacheReader() {}

  /** Takes the directory of both stores, the bound of the cache and a seed. */
  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args[0]);
    long maxBytes = Long.parseLong(args[1]);
    Random random = new Random(Long.parseLong(args[2]));
    FileArtifactStore remote = FileArtifactStore.open(directory.resolve("remote"), Instant::now);
    List<Digest> digests = new ArrayList<>();
    remote.list(artifact -> digests.add(artifact.digest()));
    CachedArtifactStore cache =
        CachedArtifactStore.over(remote, directory.resolve("cache"), maxBytes);
    for (int i = 0; i < 200; i++) {
      Digest digest = digests.get(random.nextInt(digests.size()));
      try (InputStream content = cache.open(digest)) {
        if (!Digest.of(content.readAllBytes()).equals(digest)) {
          throw new IllegalStateException("read something else than " + digest);
        }
      }
      Path lockFile = directory.toRealPath().resolve("cache/lock");
      try (var lock = InterProcessLock.take(lockFile)) {
        long bytes = cache.statistics().bytes();
        if (bytes > maxBytes) {
          throw new IllegalStateException("the cache has " + bytes + " bytes");
        }
      }
    }
  }
}
