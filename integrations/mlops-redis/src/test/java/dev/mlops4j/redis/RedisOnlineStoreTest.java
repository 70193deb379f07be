package dev.mlops4j.redis;

import static dev.mlops4j.data.ColumnType.INT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.redis.Readings.KEY;
import static dev.mlops4j.redis.Readings.VIEW;
import static dev.mlops4j.redis.Readings.event;
import static dev.mlops4j.redis.Readings.events;
import static dev.mlops4j.redis.Readings.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.feature.EntityKey;
import dev.mlops4j.feature.FeatureEvent;
import dev.mlops4j.feature.FeatureView;
import dev.mlops4j.feature.OnlineStore;
import io.lettuce.core.Range;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RedisOnlineStoreTest {

  private static final String SPACE = "mlops4j:{readings:" + VIEW.fingerprint().shortHex() + "}:";

  private static RunningRedis redis;
  private static StatefulRedisConnection<String, String> plain;
  private RedisOnlineStore store;

  @BeforeAll
  static void start(@TempDir Path directory) {
    redis = new RunningRedis(directory);
    plain = redis.client().connect(io.lettuce.core.codec.StringCodec.ASCII);
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @BeforeEach
  void open() {
    plain.sync().flushall();
    store = RedisOnlineStore.on(redis.client());
  }

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void storesOfDifferentPrefixesDoNotSeeEachOther() {
    try (RedisOnlineStore other =
        RedisOnlineStore.builder(redis.client()).prefix("mlops4j:other").build()) {
      store.add(VIEW, events(3));
      assertThat(scan(other)).isEmpty();
      assertThat(other.add(VIEW, List.of(event(7, 7, "id1")))).isEqualTo(1);
      other.erase(VIEW, KEY);
      assertThat(scan(store)).hasSize(3);
    }
  }

  @Test
  void definitionsOfOneNameDoNotSeeEachOther() {
    FeatureView other = Readings.view("readings").ttl(Duration.ofHours(1)).build();
    store.add(VIEW, events(3));
    assertThat(scan(store, other, KEY)).isEmpty();
    assertThat(store.add(other, List.of(event(7, 7, "id1")))).isEqualTo(1);
    store.discard(other, KEY, new OnlineStore.Position(9, 9, ""), 9);
    assertThat(scan(store)).hasSize(3);
    assertThat(store.scan(VIEW, KEY, 9, event -> true)).isEqualTo(Long.MIN_VALUE);
  }

  @Test
  void keysOfSeveralColumnsAreToldApart() {
    FeatureView pairs =
        FeatureView.named("pairs")
            .key("a", INT64)
            .key("b", INT64)
            .eventTime("time")
            .feature("text", STRING)
            .build();
    EntityKey one = EntityKey.of(pairs, 1, 23);
    EntityKey other = EntityKey.of(pairs, 12, 3);
    store.add(pairs, List.of(event(one, 1, 1, "a", "one"), event(other, 1, 1, "b", "other")));
    assertThat(scan(store, pairs, one)).containsExactly(event(one, 1, 1, "a", "one"));
    assertThat(scan(store, pairs, other)).containsExactly(event(other, 1, 1, "b", "other"));
  }

  @Test
  void anyTextIsAKeyAnIdAndAValue() {
    FeatureView texts =
        FeatureView.named("täxte {}: \uD83D\uDE00")
            .key("a", STRING)
            .eventTime("time")
            .feature("text", STRING)
            .build();
    List<String> hostile =
        List.of(
            "", "\u0000", "\u0000a", "a", "a\u0000", "\r\n$1\r\n", "{}:", "\uD83D\uDE00", "\uFFFF");
    for (String text : hostile) {
      EntityKey key = EntityKey.of(texts, text);
      List<FeatureEvent> added = new ArrayList<>();
      for (String id : hostile) {
        added.add(event(key, 1, 1, text + "/" + id, id));
      }
      assertThat(store.add(texts, added)).isEqualTo(hostile.size());
    }
    for (String text : hostile) {
      List<FeatureEvent> seen = scan(store, texts, EntityKey.of(texts, text));
      assertThat(seen)
          .isSortedAccordingTo((a, b) -> b.compareTo(a))
          .extracting(event -> event.values()[0])
          .containsExactlyInAnyOrderElementsOf(hostile);
    }
  }

  @Test
  void numbersComeBackToTheBit() {
    double[] numbers = {
      Double.NaN, Double.longBitsToDouble(0x7ff8dead_beef0001L), -0.0, Double.MIN_VALUE
    };
    for (int i = 0; i < numbers.length; i++) {
      store.add(VIEW, List.of(event(KEY, i, i, "id" + i, numbers[i])));
    }
    List<FeatureEvent> seen = scan(store);
    for (int i = 0; i < numbers.length; i++) {
      Double number = (Double) seen.get(numbers.length - 1 - i).values()[0];
      assertThat(Double.doubleToRawLongBits(number))
          .isEqualTo(Double.doubleToRawLongBits(numbers[i]));
    }
  }

  @Test
  void horizonsOfAnySignAreCompared() {
    store.bringUp(VIEW, KEY, events(1), Long.MIN_VALUE + 1);
    for (long horizon : new long[] {Long.MIN_VALUE + 1, -256, -1, 0, 1, 255, 256, Long.MAX_VALUE}) {
      store.discard(VIEW, KEY, new OnlineStore.Position(0, 0, ""), horizon);
      store.discard(VIEW, KEY, new OnlineStore.Position(0, 0, ""), Long.MIN_VALUE);
      assertThat(store.scan(VIEW, KEY, 9, event -> true)).isEqualTo(horizon);
    }
  }

  @Test
  void aBatchOfManyChunksAndKeysIsAddedInOneCall() {
    List<FeatureEvent> many = new ArrayList<>();
    for (int i = 0; i < 30_000; i++) {
      many.add(event(EntityKey.of(VIEW, "key" + i % 100), i, i, "id" + i, (double) i));
    }
    assertThat(store.add(VIEW, many)).isEqualTo(30_000);
    assertThat(store.add(VIEW, many)).isZero();
    assertThat(scan(store, VIEW, EntityKey.of(VIEW, "key7")))
        .hasSize(300)
        .first()
        .isEqualTo(many.get(29_907));
  }

  @Test
  void manyLongIdsThatAreAlikeAreAddedAndRemovedInTime() {
    List<FeatureEvent> many = new ArrayList<>();
    for (int i = 0; i < 60_000; i++) {
      many.add(event(i, i, "0123456789".repeat(7) + ":" + i));
    }
    // With all of them in the table of strings of Lua at once, each step takes minutes.
    assertThat(store.add(VIEW, many)).isEqualTo(60_000);
    store.discard(VIEW, KEY, new OnlineStore.Position(30_000, 0, ""), 1);
    assertThat(store.erase(VIEW, KEY)).isEqualTo(30_000);
  }

  @Test
  void nothingToAddIsNoCall() {
    assertThat(store.add(VIEW, List.of())).isZero();
    assertThat(plain.sync().dbsize()).isZero();
  }

  @Test
  void erasingRemovesEveryTraceOfAKey() {
    EntityKey secret = EntityKey.of(VIEW, "secret");
    List<FeatureEvent> added = new ArrayList<>();
    for (int i = 1; i <= 2_500; i++) {
      added.add(event(secret, i, i, "secret" + i, 1.0));
    }
    store.add(VIEW, events(2));
    store.add(VIEW, added);
    store.discard(VIEW, secret, new OnlineStore.Position(301, 301, ""), 300);
    assertThat(dump()).contains("secret");

    assertThat(store.erase(VIEW, secret)).isEqualTo(2_200);

    assertThat(dump()).doesNotContain("secret").contains("id1");
    assertThat(scan(store, VIEW, secret)).isEmpty();
    assertThat(store.scan(VIEW, secret, 9, event -> true)).isEqualTo(Long.MIN_VALUE);
    assertThat(store.erase(VIEW, secret)).isZero();
    assertThat(scan(store)).hasSize(2);
    assertThat(store.add(VIEW, added)).isEqualTo(2_500);
  }

  @Test
  void whatIsDiscardedFromAShortKeyIsGoneAtOnce() {
    store.add(VIEW, events(KeyScan.FIRST_PAGE - 1));
    store.discard(VIEW, KEY, new OnlineStore.Position(54, 54, ""), 53);
    assertThat(plain.sync().keys(SPACE + "forgotten*")).isEmpty();
    assertThat(plain.sync().hlen(SPACE + "values")).isEqualTo(10);
  }

  @Test
  void whatIsRetainedOfALongKeyExpires() {
    store.add(VIEW, events(300));
    store.discard(VIEW, KEY, new OnlineStore.Position(91, 91, ""), 90);
    List<String> forgotten = plain.sync().keys(SPACE + "forgotten*");
    assertThat(forgotten).hasSize(1);
    assertThat(plain.sync().pttl(forgotten.get(0))).isBetween(1L, KeyScan.RETENTION.toMillis());
  }

  @Test
  void scriptsAreSentAgainToAServerThatForgotThem() {
    store.add(VIEW, events(1));
    plain.sync().scriptFlush();
    assertThat(scan(store)).hasSize(1);
  }

  @Test
  void keysOfAnotherTypeAreATypedErrorAndNothingIsChanged() {
    plain.sync().set(SPACE + "values", "mine");
    assertThatThrownBy(() -> store.add(VIEW, events(1)))
        .isInstanceOf(RedisOnlineStoreException.class)
        .hasMessageContaining("asked Redis at 127.0.0.1:" + redis.port() + " to add 1 events")
        .hasMessageContaining("WRONGTYPE")
        .hasMessageContaining("give the store another one");
    assertThatThrownBy(() -> store.discard(VIEW, KEY, new OnlineStore.Position(1, 1, ""), 1))
        .isInstanceOf(RedisOnlineStoreException.class);
    assertThatThrownBy(() -> store.erase(VIEW, KEY)).isInstanceOf(RedisOnlineStoreException.class);
    assertThat(plain.sync().keys("*")).containsExactly(SPACE + "values");
  }

  @Test
  void aServerWithoutMemoryRefusesWholeBatches() {
    store.add(VIEW, events(2));
    plain.sync().configSet("maxmemory", "1");
    try {
      assertThatThrownBy(() -> store.add(VIEW, events(9)))
          .isInstanceOf(RedisOnlineStoreException.class)
          .hasMessageContaining("OOM");
      assertThat(scan(store)).hasSize(2);
    } finally {
      plain.sync().configSet("maxmemory", "0");
    }
  }

  @Test
  void valuesThatTheServerEvictedAreATypedError() {
    store.add(VIEW, events(2));
    plain.sync().del(SPACE + "values");
    assertThatThrownBy(() -> scan(store))
        .isInstanceOf(RedisOnlineStoreException.class)
        .hasMessageContaining("noeviction");
  }

  @Test
  void aClosedStoreIsAMistakeOfTheCallerAndTheClientStaysOpen() {
    store.close();
    store.close();
    assertThatThrownBy(() -> scan(store)).isInstanceOf(IllegalStateException.class);
    try (RedisOnlineStore again = RedisOnlineStore.on(redis.client())) {
      assertThat(scan(again)).isEmpty();
    }
  }

  @Test
  void settingsAreCheckedAtOnce() {
    RedisOnlineStore.Builder builder = RedisOnlineStore.builder(redis.client());
    assertThatThrownBy(() -> builder.prefix(" ")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.prefix("a{b}")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.timeout(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aStoreSaysWhereItIs() {
    assertThat(store).hasToString("RedisOnlineStore mlops4j at 127.0.0.1:" + redis.port());
  }

  /** All that the server holds, as text. */
  private static String dump() {
    RedisCommands<String, String> commands = plain.sync();
    StringBuilder dump = new StringBuilder();
    for (String key : commands.keys("*")) {
      dump.append(new String(key.getBytes(StandardCharsets.US_ASCII), StandardCharsets.US_ASCII));
      switch (commands.type(key)) {
        case "zset" -> dump.append(commands.zrangebylex(key, Range.unbounded()));
        case "hash" -> dump.append(commands.hgetall(key));
        default -> dump.append(commands.get(key));
      }
    }
    return dump.toString();
  }
}
