package dev.mlops4j.workspace;

import dev.mlops4j.Digest;
import dev.mlops4j.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps copies of the artifacts of a remote store in a local directory, up to a number of bytes;
 * those whose last access is the longest ago go first.
 *
 * <pre>{@code
 * ArtifactStore cached = CachedArtifactStore.over(s3, Path.of("/var/cache/models"), 10L << 30);
 * Workspace workspace = Workspace.at(directory).artifacts(cached).open();
 * }</pre>
 *
 * <p>A copy is checked against its digest each time before it is read; a damaged one is dropped and
 * fetched again. An artifact that many threads want is fetched once, if it can be kept. What is put
 * is kept as well, as it is likely to be read soon. Everything but reading is asked of the remote
 * store; a copy of what was deleted there by others can still be read here until it is evicted.
 *
 * <p>The directory never holds more than {@code maxBytes}, besides the files that are being fetched
 * or put at the moment, one for each thread that does; an artifact that alone is larger is read
 * through such a file, and not kept. Several stores, in one process or many of one host, may share
 * the directory if they give it the same bound; it must be for nothing else. A directory that
 * cannot be written is logged and makes reading slower, not wrong.
 *
 * <p>Safe for any number of threads. There is nothing to close.
 */
public final class CachedArtifactStore implements ArtifactStore {

  private static final Logger LOG = LoggerFactory.getLogger(CachedArtifactStore.class);
  private static final int BUFFER_BYTES = 1 << 16;

  private final ArtifactStore remote;
  private final CacheDirectory directory;
  private final ConcurrentMap<Digest, CompletableFuture<Boolean>> fetches =
      new ConcurrentHashMap<>();
  private final LongAdder hits = new LongAdder();
  private final LongAdder misses = new LongAdder();

  private CachedArtifactStore(ArtifactStore remote, CacheDirectory directory) {
    this.remote = remote;
    this.directory = directory;
  }

  /**
   * A cache in this directory, which is made when it is needed. What is there already is used.
   *
   * @param maxBytes how much to keep, at least 1
   * @throws IllegalArgumentException if {@code maxBytes} is less
   * @throws StorageException if the directory is there and cannot be read
   */
  public static CachedArtifactStore over(ArtifactStore remote, Path directory, long maxBytes) {
    return over(remote, directory, maxBytes, InstantSource.system());
  }

  static CachedArtifactStore over(
      ArtifactStore remote, Path directory, long maxBytes, InstantSource clock) {
    if (maxBytes < 1) {
      throw new IllegalArgumentException(
          "maxBytes is " + maxBytes + "; a cache keeps 1 byte at least");
    }
    return new CachedArtifactStore(remote, new CacheDirectory(directory, maxBytes, clock));
  }

  @Override
  public Digest put(InputStream content) throws IOException {
    try (LocalCopy copy = new LocalCopy(directory)) {
      Digest digest = remote.put(copy.of(content));
      copy.keep(digest);
      return digest;
    }
  }

  @Override
  public InputStream open(Digest digest) {
    while (true) {
      InputStream kept = kept(digest);
      if (kept != null) {
        return kept;
      }
      CompletableFuture<Boolean> own = new CompletableFuture<>();
      CompletableFuture<Boolean> other = fetches.putIfAbsent(digest, own);
      if (other == null) {
        return fetchAlone(digest, own);
      }
      if (!other.join()) {
        misses.increment();
        return remote.open(digest);
      }
    }
  }

  /** Asks the remote store. */
  @Override
  public boolean contains(Digest digest) {
    return remote.contains(digest);
  }

  /** Lists the remote store. */
  @Override
  public void list(Consumer<? super StoredArtifact> visitor) {
    remote.list(visitor);
  }

  @Override
  public void delete(Collection<Digest> digests) {
    remote.delete(digests);
    digests.forEach(directory::delete);
  }

  /**
   * What this store has done, and what the directory holds now; reads the directory.
   *
   * @throws StorageException if it cannot be read
   */
  public CacheStatistics statistics() {
    List<CacheDirectory.Kept> files;
    try {
      files = directory.kept();
    } catch (IOException e) {
      throw new StorageException("cannot read " + directory + ": " + e.getMessage(), e);
    }
    return new CacheStatistics(
        hits.sum(),
        misses.sum(),
        directory.evictions.sum(),
        directory.damaged.sum(),
        files.size(),
        files.stream().mapToLong(CacheDirectory.Kept::bytes).sum());
  }

  /** The remote store, as people know it: what is missing or damaged is so there. */
  @Override
  public String toString() {
    return remote.toString();
  }

  private @Nullable InputStream kept(Digest digest) {
    try {
      InputStream kept = directory.open(digest);
      if (kept != null) {
        hits.increment();
      }
      return kept;
    } catch (StorageException e) {
      LOG.warn("{}; reading it from {}", e.getMessage(), remote);
      return null;
    }
  }

  /** Tells the others in the end whether they may look into the directory now. */
  private InputStream fetchAlone(Digest digest, CompletableFuture<Boolean> own) {
    boolean kept = false;
    try {
      // Whoever fetched it before may have ended since it was looked for.
      InputStream there = kept(digest);
      if (there != null) {
        kept = true;
        return there;
      }
      misses.increment();
      Fetched fetched = fetch(digest);
      kept = fetched.kept;
      return fetched.content;
    } finally {
      fetches.remove(digest, own);
      own.complete(kept);
    }
  }

  private Fetched fetch(Digest digest) {
    try (LocalCopy copy = new LocalCopy(directory)) {
      MessageDigest sha256 = Digest.sha256();
      try (InputStream content = copy.of(remote.open(digest))) {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
          sha256.update(buffer, 0, n);
        }
      } catch (IOException e) {
        throw new StorageException(
            "cannot read artifact " + digest + " in " + remote + ": " + e.getMessage(), e);
      }
      // What is damaged in the remote store is handed on as it is, and not kept.
      boolean kept = Digest.of(sha256).equals(digest) && copy.keep(digest);
      InputStream content = kept ? directory.openJustKept(digest) : copy.handOver();
      // Evicted at once by another process, or there is no copy because the disk is full.
      return content == null ? new Fetched(remote.open(digest), false) : new Fetched(content, kept);
    }
  }

  /** The bytes of an artifact, and whether the directory has them. */
  private record Fetched(InputStream content, boolean kept) {}
}
