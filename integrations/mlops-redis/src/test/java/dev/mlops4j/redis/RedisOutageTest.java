package dev.mlops4j.redis;

import static dev.mlops4j.redis.Readings.KEY;
import static dev.mlops4j.redis.Readings.VIEW;
import static dev.mlops4j.redis.Readings.event;
import static dev.mlops4j.redis.Readings.events;
import static dev.mlops4j.redis.Readings.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.mlops4j.feature.FeatureEvent;
import io.lettuce.core.RedisClient;
import io.lettuce.core.api.StatefulRedisConnection;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Servers that are away, slow or do not want. */
@Timeout(120)
class RedisOutageTest {

  private RunningRedis redis;

  @BeforeEach
  void start(@TempDir Path directory) {
    redis = new RunningRedis(directory, "appendonly yes", "appendfsync always");
  }

  @AfterEach
  void stop() {
    redis.close();
  }

  @Test
  void aServerStoppedUnderLoadIsATypedErrorAndWorksAgainAfterwards() throws Exception {
    Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    CountDownLatch working = new CountDownLatch(200);
    CountDownLatch failed = new CountDownLatch(8);
    CountDownLatch workingAgain = new CountDownLatch(200);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try (RedisOnlineStore store = quick()) {
      List<Future<Integer>> all = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        String name = "t" + thread + ":";
        Callable<Integer> load =
            () -> {
              int failures = 0;
              for (int i = 0; workingAgain.getCount() > 0; i++) {
                try {
                  store.add(VIEW, List.of(event(i, i, name + i)));
                  acknowledged.add(name + i);
                  assertThat(scan(store)).isNotEmpty();
                  working.countDown();
                  if (failed.getCount() == 0) {
                    workingAgain.countDown();
                  }
                } catch (RedisOnlineStoreException e) {
                  assertThat(e.server()).isEqualTo("127.0.0.1:" + redis.port());
                  failures++;
                  failed.countDown();
                }
              }
              return failures;
            };
        all.add(threads.submit(load));
      }
      working.await();
      redis.stop();
      failed.await();
      redis.start();
      for (Future<Integer> one : all) {
        assertThat(one.get()).isPositive();
      }
      assertThat(scan(store)).extracting(FeatureEvent::id).containsAll(acknowledged);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void whatFailedWhileTheServerWasAwayIsNotDoneLater() {
    try (RedisOnlineStore store = quick()) {
      store.add(VIEW, events(1));
      redis.stop();
      assertThatThrownBy(() -> store.add(VIEW, events(9)))
          .isInstanceOf(RedisOnlineStoreException.class)
          .hasMessageContaining("asked Redis at 127.0.0.1:" + redis.port() + " to add 9 events");
      redis.start();
      List<FeatureEvent> seen = new ArrayList<>();
      while (catchThrowable(() -> seen.addAll(scan(store))) != null) {
        seen.clear();
      }
      assertThat(seen).isEqualTo(events(1));
    }
  }

  @Test
  void noAnswerInTimeIsATypedError() {
    try (RedisOnlineStore store = quick();
        StatefulRedisConnection<String, String> plain = redis.client().connect()) {
      store.add(VIEW, events(1));
      plain.sync().clientPause(1_000);
      assertThatThrownBy(() -> scan(store))
          .isInstanceOf(RedisOnlineStoreException.class)
          .hasMessageContaining("no answer within PT0.2S")
          .hasMessageContaining("longer timeout");
    }
  }

  @Test
  void anInterruptedCallIsATypedErrorAndTheThreadStaysInterrupted() {
    try (RedisOnlineStore store = quick()) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> store.erase(VIEW, KEY))
          .isInstanceOf(RedisOnlineStoreException.class)
          .hasMessageContaining("interrupted");
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void aServerThatIsNotThereIsATypedErrorWithoutThePassword() {
    int nobody = RunningRedis.freePort();
    RedisClient client = redis.client("redis://user:top-secret@127.0.0.1:" + nobody);
    try {
      assertThatThrownBy(() -> RedisOnlineStore.on(client))
          .isInstanceOf(RedisOnlineStoreException.class)
          .hasMessageContaining("127.0.0.1")
          .hasMessageContaining(String.valueOf(nobody))
          .satisfies(e -> assertThat(trace(e)).doesNotContain("top-secret"));
    } finally {
      client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    }
  }

  @Test
  void aServerThatRefusesThePasswordIsATypedErrorWithoutIt() {
    RedisClient client = redis.client("redis://user:top-secret@127.0.0.1:" + redis.port());
    try {
      assertThatThrownBy(() -> RedisOnlineStore.on(client))
          .isInstanceOf(RedisOnlineStoreException.class)
          .hasMessageContaining("WRONGPASS")
          .satisfies(e -> assertThat(trace(e)).doesNotContain("top-secret"));
    } finally {
      client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
    }
  }

  @Test
  void aClientThatWasShutDownIsATypedError() {
    RedisClient client = redis.client("redis://127.0.0.1:" + redis.port());
    try (RedisOnlineStore store =
        RedisOnlineStore.builder(client).timeout(Duration.ofMillis(200)).build()) {
      client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
      assertThatThrownBy(() -> scan(store)).isInstanceOf(RedisOnlineStoreException.class);
    }
  }

  private RedisOnlineStore quick() {
    return RedisOnlineStore.builder(redis.client()).timeout(Duration.ofMillis(200)).build();
  }

  private static String trace(Throwable e) {
    StringWriter trace = new StringWriter();
    e.printStackTrace(new PrintWriter(trace, true));
    return trace.toString();
  }
}
