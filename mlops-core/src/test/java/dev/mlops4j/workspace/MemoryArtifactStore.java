package dev.mlops4j.workspace;

import dev.mlops4j.Digest;
import dev.mlops4j.storage.StorageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A remote store that counts what is asked of it, and can be out of reach. */
final class MemoryArtifactStore implements ArtifactStore {

  final Map<Digest, byte[]> contents = new ConcurrentHashMap<>();
  final AtomicInteger opens = new AtomicInteger();
  volatile boolean unreachable;
  volatile Runnable onOpen = () -> {};

  @Override
  public Digest put(InputStream content) throws IOException {
    checkReachable();
    byte[] bytes = content.readAllBytes();
    Digest digest = Digest.of(bytes);
    contents.put(digest, bytes);
    return digest;
  }

  @Override
  public InputStream open(Digest digest) {
    checkReachable();
    opens.incrementAndGet();
    onOpen.run();
    byte[] bytes = contents.get(digest);
    if (bytes == null) {
      throw new NoSuchArtifactException(digest, toString());
    }
    return new ByteArrayInputStream(bytes);
  }

  @Override
  public boolean contains(Digest digest) {
    checkReachable();
    return contents.containsKey(digest);
  }

  @Override
  public void list(Consumer<? super StoredArtifact> visitor) {
    contents.forEach(
        (digest, bytes) -> visitor.accept(new StoredArtifact(digest, bytes.length, Instant.EPOCH)));
  }

  @Override
  public void delete(Collection<Digest> digests) {
    checkReachable();
    digests.forEach(contents::remove);
  }

  @Override
  public String toString() {
    return "memory";
  }

  private void checkReachable() {
    if (unreachable) {
      throw new StorageException("memory is out of reach", null);
    }
  }
}
