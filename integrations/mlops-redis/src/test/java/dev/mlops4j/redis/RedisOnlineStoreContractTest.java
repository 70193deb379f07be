package dev.mlops4j.redis;

import dev.mlops4j.feature.OnlineStore;
import dev.mlops4j.testkit.OnlineStoreContract;
import java.nio.file.Path;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class RedisOnlineStoreContractTest extends OnlineStoreContract {

  private static RunningRedis redis;
  private final String prefix = "test:" + UUID.randomUUID();

  @BeforeAll
  static void start(@TempDir Path directory) {
    redis = new RunningRedis(directory);
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @Override
  protected OnlineStore open() {
    return RedisOnlineStore.builder(redis.client()).prefix(prefix).build();
  }

  @Override
  protected boolean isDurable() {
    return true;
  }
}
