package dev.mlops4j.redis;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.feature.Aggregation.count;
import static dev.mlops4j.feature.Aggregation.last;
import static dev.mlops4j.feature.Aggregation.mean;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.feature.EntityKey;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.FeatureValues;
import dev.mlops4j.feature.FeatureView;
import dev.mlops4j.workspace.Workspace;
import io.lettuce.core.RedisClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A feature store in front of Redis. */
class RedisFeatureStoreTest {

  private static final FeatureView PAYMENTS =
      FeatureView.named("payments")
          .key("card", STRING)
          .eventTime("paid_at")
          .feature("amount", FLOAT64)
          .feature("mean_1h", mean("amount").over(Duration.ofHours(1)))
          .feature("last_5m", last("amount").over(Duration.ofMinutes(5)))
          .feature("paid_1h", count().over(Duration.ofHours(1)))
          .ttl(Duration.ofMinutes(30))
          .build();

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2025-03-01T12:00:00Z"));

  @Test
  void lookupsAreTheSameWithAndWithoutRedis(@TempDir Path with, @TempDir Path without)
      throws Exception {
    Random random = new Random(5);
    try (RunningRedis redis = new RunningRedis(with);
        Workspace one = Workspace.at(with.resolve("workspace")).clock(now::get).open();
        Workspace other = Workspace.at(without.resolve("workspace")).clock(now::get).open()) {
      FeatureStore plain = FeatureStore.in(other);
      FeatureStore online = open(one, redis);
      for (int i = 0; i < 240; i++) {
        now.set(now.get().plusSeconds(random.nextInt(60)));
        Map<String, Object> row =
            Map.of(
                "card",
                "card" + random.nextInt(2),
                "paid_at",
                now.get().minusSeconds(random.nextInt(60)),
                "amount",
                random.nextInt(7) == 0 ? Double.NaN : random.nextGaussian());
        assertThat(online.push(PAYMENTS, row)).isEqualTo(plain.push(PAYMENTS, row));
        if (i == 120) {
          online.close();
          online = open(one, redis);
        } else if (i % 60 == 59) {
          loseAll(redis);
        }
        for (int card = 0; card < 3; card++) {
          EntityKey key = EntityKey.of(PAYMENTS, "card" + card);
          Instant at = now.get().minusSeconds(random.nextInt(3) * 1_000L);
          FeatureValues values = online.get(PAYMENTS, key, at);
          FeatureValues expected = plain.get(PAYMENTS, key, at);
          for (FeatureView.Feature feature : PAYMENTS.features()) {
            assertThat(values.value(feature.name())).isEqualTo(expected.value(feature.name()));
            assertThat(values.status(feature.name())).isEqualTo(expected.status(feature.name()));
          }
        }
      }
      assertThat(keysIn(redis)).isPositive();
    }
  }

  @Test
  void servicesShareRedis(@TempDir Path directory) throws Exception {
    try (RunningRedis redis = new RunningRedis(directory);
        Workspace workspace = Workspace.at(directory.resolve("workspace")).clock(now::get).open()) {
      RedisClient client = redis.client();

      RedisOnlineStore online =
          RedisOnlineStore.builder(client) // or RedisOnlineStore.on(client)
              .prefix("payments-service") // the default is "mlops4j"
              .timeout(Duration.ofMillis(500)) // a lookup waits no longer; the default is 2 s
              .build();
      FeatureStore features = FeatureStore.builder(workspace).online(online).open();

      features.push(PAYMENTS, Map.of("card", "a", "paid_at", now.get(), "amount", 7.0));
      assertThat(features.get(PAYMENTS, EntityKey.of(PAYMENTS, "a"), now.get()).value("amount"))
          .isEqualTo(7.0);
    }
  }

  private static FeatureStore open(Workspace workspace, RunningRedis redis) {
    return FeatureStore.builder(workspace)
        .online(RedisOnlineStore.builder(redis.client()).timeout(Duration.ofSeconds(10)).build())
        .lookBack(Duration.ofMinutes(20))
        .open();
  }

  private static void loseAll(RunningRedis redis) {
    try (var plain = redis.client().connect()) {
      plain.sync().flushall();
    }
  }

  private static long keysIn(RunningRedis redis) {
    try (var plain = redis.client().connect()) {
      return plain.sync().dbsize();
    }
  }
}
