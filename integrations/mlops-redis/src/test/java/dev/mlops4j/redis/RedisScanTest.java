package dev.mlops4j.redis;

import static dev.mlops4j.redis.Readings.KEY;
import static dev.mlops4j.redis.Readings.VIEW;
import static dev.mlops4j.redis.Readings.event;
import static dev.mlops4j.redis.Readings.events;
import static dev.mlops4j.redis.Readings.scan;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.feature.FeatureEvent;
import dev.mlops4j.feature.InMemoryOnlineStore;
import dev.mlops4j.feature.OnlineStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scans of several pages, and what others do to the key meanwhile. */
class RedisScanTest {

  private static RunningRedis redis;
  private RedisOnlineStore store;
  private RedisOnlineStore other;

  @BeforeAll
  static void start(@TempDir Path directory) {
    redis = new RunningRedis(directory);
  }

  @AfterAll
  static void stop() {
    redis.close();
  }

  @BeforeEach
  void open() {
    String prefix = "test:" + UUID.randomUUID();
    store = RedisOnlineStore.builder(redis.client()).prefix(prefix).build();
    other = RedisOnlineStore.builder(redis.client()).prefix(prefix).build();
  }

  @AfterEach
  void close() {
    store.close();
    other.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {63, 64, 65, 575, 576, 12_000})
  void pagesFollowEachOtherWithoutGapsAlsoWithinOneMoment(int count) {
    List<FeatureEvent> ties = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ties.add(event(i / 700, i / 350, "id" + i));
    }
    Collections.shuffle(ties, new Random(3));
    store.add(VIEW, ties);
    ties.sort(Collections.reverseOrder());
    assertThat(scan(store)).isEqualTo(ties);
  }

  @Test
  void aScanShowsTheMomentItBeganAtWhateverHappensMeanwhile() {
    store.bringUp(VIEW, KEY, events(2_000), 1);
    store.discard(VIEW, KEY, new OnlineStore.Position(101, 0, ""), 100);
    List<FeatureEvent> before = scan(store);
    List<FeatureEvent> seen = new ArrayList<>();
    long horizon =
        store.scan(
            VIEW,
            KEY,
            Long.MAX_VALUE,
            event -> {
              seen.add(event);
              if (seen.size() == 10) {
                other.add(VIEW, List.of(event(1_995, 0, "in the page"), event(500, 0, "below")));
                other.discard(VIEW, KEY, new OnlineStore.Position(1_000, 0, ""), 900);
                other.discard(VIEW, KEY, new OnlineStore.Position(1_900, 0, ""), 1_800);
                other.add(VIEW, List.of(event(1_400, 1_400, "id1400"), event(1, 1, "id7")));
              }
              return true;
            });
    assertThat(seen).isEqualTo(before);
    assertThat(horizon).isEqualTo(100);
    assertThat(store.scan(VIEW, KEY, 0, event -> true)).isEqualTo(1_800);
  }

  @Test
  void aScanIsWhatAStoreInMemoryHasAtItsBeginning() {
    Random random = new Random(11);
    OnlineStore model = new InMemoryOnlineStore();
    int next = 0;
    for (int round = 0; round < 40; round++) {
      List<FeatureEvent> fill = new ArrayList<>();
      for (int i = random.nextInt(900); i > 0; i--) {
        fill.add(event(random.nextInt(500), random.nextInt(3), "id" + next++));
      }
      model.bringUp(VIEW, KEY, fill, round);
      store.bringUp(VIEW, KEY, fill, round);
      long latest = random.nextInt(600);
      List<FeatureEvent> expected = new ArrayList<>();
      long expectedHorizon = model.scan(VIEW, KEY, latest, expected::add);

      int last = next;
      List<FeatureEvent> seen = new ArrayList<>();
      long horizon =
          store.scan(
              VIEW,
              KEY,
              latest,
              event -> {
                seen.add(event);
                if (random.nextInt(100) == 0) {
                  change(model, random, last);
                }
                return true;
              });

      assertThat(seen).as("round " + round).isEqualTo(expected);
      assertThat(horizon).isEqualTo(expectedHorizon);
      assertThat(scan(store)).isEqualTo(scan(model));
    }
  }

  /** Adds events, also such as were forgotten, or forgets some, in both stores. */
  private void change(OnlineStore model, Random random, int ids) {
    if (random.nextInt(3) == 0) {
      OnlineStore.Position first =
          new OnlineStore.Position(random.nextInt(300), random.nextInt(3), "");
      long horizon = random.nextInt(1_000);
      other.discard(VIEW, KEY, first, horizon);
      model.discard(VIEW, KEY, first, horizon);
    } else {
      List<FeatureEvent> events = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        events.add(event(random.nextInt(500), random.nextInt(3), "id" + random.nextInt(ids + 1)));
      }
      assertThat(other.add(VIEW, events)).isEqualTo(model.add(VIEW, events));
    }
  }

  @Test
  void theLastOfAFullPageMayBeDiscardedWhileItIsShown() {
    store.add(VIEW, events(KeyScan.FIRST_PAGE));
    List<FeatureEvent> seen = new ArrayList<>();
    store.scan(
        VIEW,
        KEY,
        Long.MAX_VALUE,
        event -> {
          seen.add(event);
          if (seen.size() == 1) {
            other.discard(VIEW, KEY, new OnlineStore.Position(30, 0, ""), 29);
            other.discard(VIEW, KEY, new OnlineStore.Position(KeyScan.FIRST_PAGE, 0, ""), 60);
          }
          return true;
        });
    assertThat(seen).hasSize(KeyScan.FIRST_PAGE);
  }

  @Test
  void aKeyErasedWhileItIsReadIsATypedError() {
    store.add(VIEW, events(300));
    assertThatThrownBy(
            () ->
                store.scan(
                    VIEW,
                    KEY,
                    Long.MAX_VALUE,
                    event -> {
                      if (event.eventTime() == 300) {
                        other.erase(VIEW, KEY);
                        other.add(VIEW, events(300));
                      }
                      return true;
                    }))
        .isInstanceOf(RedisOnlineStoreException.class)
        .hasMessageContaining("erased")
        .hasMessageContaining("ask again");
    assertThat(scan(store)).hasSize(300);
  }

  @Test
  void aKeyThatLosesTooMuchWhileItIsReadIsATypedError() {
    store.add(VIEW, events(KeyScan.RETAINED + 1_000));
    assertThatThrownBy(
            () ->
                store.scan(
                    VIEW,
                    KEY,
                    Long.MAX_VALUE,
                    event -> {
                      other.discard(
                          VIEW, KEY, new OnlineStore.Position(KeyScan.RETAINED + 2, 0, ""), 1);
                      return true;
                    }))
        .isInstanceOf(RedisOnlineStoreException.class)
        .hasMessageContaining("too many discarded");
    assertThat(scan(store)).hasSize(999);
  }

  @Test
  void aScanReadsOnlyWhatItNeeds() {
    store.add(VIEW, events(5_000));
    List<FeatureEvent> seen = new ArrayList<>();
    store.scan(
        VIEW,
        KEY,
        4_000,
        event -> {
          seen.add(event);
          if (seen.size() == 1) {
            other.erase(VIEW, KEY); // a second page would see it
          }
          return seen.size() < KeyScan.FIRST_PAGE;
        });
    assertThat(seen).hasSize(KeyScan.FIRST_PAGE).first().isEqualTo(event(4_000, 4_000, "id4000"));
  }
}
