package dev.mlops4j.testkit;

import dev.mlops4j.Digest;
import dev.mlops4j.workspace.ArtifactStore;
import dev.mlops4j.workspace.CachedArtifactStore;
import dev.mlops4j.workspace.FileArtifactStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.io.TempDir;

class CachedArtifactStoreContractTest extends ArtifactStoreContract {

  private static final long MAX_BYTES = 4_000_000;

  @TempDir Path directory;

  @Override
  protected ArtifactStore openStore() {
    ArtifactStore remote =
        FileArtifactStore.open(directory.resolve("remote"), InstantSource.system());
    return CachedArtifactStore.over(remote, directory.resolve("cache"), MAX_BYTES);
  }

  /** Behind the cache's back; a copy in the cache would hide it. */
  @Override
  protected void damage(Digest digest, byte[] content) throws IOException {
    String hex = digest.hex();
    Files.write(
        directory.resolve("remote/sha256").resolve(hex.substring(0, 2)).resolve(hex), content);
    Files.deleteIfExists(directory.resolve("cache/files").resolve(hex));
  }
}
