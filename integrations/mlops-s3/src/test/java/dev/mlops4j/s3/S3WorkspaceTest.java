package dev.mlops4j.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.CachedArtifactStore;
import dev.mlops4j.workspace.Garbage;
import dev.mlops4j.workspace.Workspace;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A workspace whose artifacts are in S3, as the guide shows it. */
class S3WorkspaceTest {

  @TempDir Path directory;
  private final RunningS3 server = new RunningS3();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void keepsItsArtifactsThereBehindACache() {
    server.client().createBucket(request -> request.bucket("models"));
    URI minio = server.endpoint();
    String accessKey = RunningS3.ACCESS_KEY;
    String secretKey = RunningS3.SECRET_KEY;
    Path cacheDirectory = directory.resolve("cache");

    try (S3ArtifactStore s3 =
        S3ArtifactStore.builder("models")
            .prefix("fraud/") // one for each workspace
            .endpoint(minio) // leave it out for AWS
            .credentials(accessKey, secretKey) // leave it out for those of the environment
            .build()) {
      CachedArtifactStore cached = CachedArtifactStore.over(s3, cacheDirectory, 10L << 30);
      try (Workspace workspace = Workspace.at(directory.resolve("w")).artifacts(cached).open()) {
        logSomething(workspace);
      }
      assertThat(directory.resolve("w/artifacts")).doesNotExist();
      assertThat(server.keys("models"))
          .hasSize(4)
          .allSatisfy(key -> assertThat(key).startsWith("fraud/sha256/"));
      assertThat(cached.statistics().files()).isEqualTo(4);

      Instant inTwoDays = Instant.now().plus(Duration.ofDays(2));
      try (Workspace workspace =
          Workspace.at(directory.resolve("w"))
              .artifacts(cached)
              .systemClock(() -> inTwoDays)
              .open()) {
        Garbage found = workspace.artifacts().findGarbage(Duration.ofDays(1)); // deletes nothing
        Garbage deleted = workspace.artifacts().collectGarbage(Duration.ofDays(1));
        assertThat(found.artifacts()).isEqualTo(3);
        assertThat(deleted.bytes()).isEqualTo(found.bytes());
      }
      assertThat(server.keys("models")).hasSize(1);
      assertThat(cached.statistics().files()).isEqualTo(1);
    }
  }

  private static void logSomething(Workspace workspace) {
    try (Tracking tracking = Tracking.in(workspace);
        Run run = tracking.start("fraud")) {
      run.artifact("notes.txt", "good");
    }
    workspace.artifacts().put(new byte[100]);
    workspace.artifacts().putTree(Map.of("model.ubj", new byte[1000]));
  }
}
