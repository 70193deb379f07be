package dev.mlops4j.s3;

import dev.mlops4j.Digest;
import dev.mlops4j.testkit.ArtifactStoreContract;
import dev.mlops4j.workspace.ArtifactStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;

class S3ArtifactStoreContractTest extends ArtifactStoreContract {

  private static RunningS3 server;

  private String bucket;
  private S3ArtifactStore last;

  @BeforeAll
  static void start() {
    server = new RunningS3();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @AfterEach
  void closeStore() {
    last.close();
  }

  @Override
  protected ArtifactStore openStore() {
    if (bucket == null) {
      bucket = server.newBucket();
    }
    last = server.store(bucket).build();
    return last;
  }

  @Override
  protected void damage(Digest digest, byte[] content) {
    server.put(bucket, RunningS3.keyOf(digest), content);
  }
}
