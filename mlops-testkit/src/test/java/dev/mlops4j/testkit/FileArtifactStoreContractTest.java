package dev.mlops4j.testkit;

import dev.mlops4j.Digest;
import dev.mlops4j.workspace.ArtifactStore;
import dev.mlops4j.workspace.FileArtifactStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.io.TempDir;

class FileArtifactStoreContractTest extends ArtifactStoreContract {

  @TempDir Path directory;

  @Override
  protected ArtifactStore openStore() {
    return FileArtifactStore.open(directory, InstantSource.system());
  }

  @Override
  protected void damage(Digest digest, byte[] content) throws IOException {
    String hex = digest.hex();
    Files.write(directory.resolve("sha256").resolve(hex.substring(0, 2)).resolve(hex), content);
  }
}
