package dev.mlops4j.feature;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.storage.Database;
import dev.mlops4j.storage.Durability;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the store keeps in memory never shows, however many events there are and whoever adds. */
class JdbcOnlineStoreTest {

  private static final FeatureView VIEW =
      FeatureView.named("readings")
          .key("sensor", STRING)
          .eventTime("time")
          .feature("n", FLOAT64)
          .build();
  private static final EntityKey KEY = EntityKey.of(VIEW, "k");

  private final Random random = new Random(42);
  private int ids;

  @Test
  void twoProcessesSeeWhatOneStoreInMemorySees(@TempDir Path directory) {
    Path file = directory.resolve("features.db");
    try (Database one = Database.sqlite(file, Durability.NORMAL);
        Database two = Database.sqlite(file, Durability.NORMAL)) {
      List<OnlineStore> stores = List.of(JdbcOnlineStore.in(one), JdbcOnlineStore.in(two));
      OnlineStore expected = new InMemoryOnlineStore();
      for (int i = 0; i < 600; i++) {
        // Mostly one after the other; sometimes a heap, so that a key outgrows what is kept of it.
        int size = i % 60 == 59 ? 900 : 1;
        List<FeatureEvent> events = new ArrayList<>();
        for (int j = 0; j < size; j++) {
          events.add(event(i));
        }
        expected.add(VIEW, events);
        stores.get(random.nextInt(5) == 0 ? 1 : 0).add(VIEW, events);
        long latest = random.nextBoolean() ? i : random.nextInt(700);
        int wanted = random.nextInt(4) == 0 ? Integer.MAX_VALUE : 1 + random.nextInt(300);
        List<String> seen = scan(expected, latest, wanted);
        for (OnlineStore store : stores) {
          assertThat(scan(store, latest, wanted)).as("after %s", i).isEqualTo(seen);
        }
      }
    }
  }

  @Test
  void aKeyIsErasedAsOftenAsItComesBack(@TempDir Path directory) {
    try (Database database = Database.sqlite(directory.resolve("features.db"), Durability.NORMAL)) {
      JdbcOnlineStore store = JdbcOnlineStore.in(database);
      for (int i = 0; i < 200; i++) {
        store.add(VIEW, List.of(event(i)));
        assertThat(scan(store, Long.MAX_VALUE, 10)).hasSize(1);
        assertThat(store.erase(VIEW, KEY)).isEqualTo(1);
        assertThat(scan(store, Long.MAX_VALUE, 10)).isEmpty();
      }
      // An addition and an erasure are each a change or two; what grows faster ends in an overflow.
      assertThat(number(store)).isBetween(200L, 1_000L);
    }
  }

  private static long number(JdbcOnlineStore store) {
    long[] seen = {0};
    store.scan(
        VIEW,
        KEY,
        new NumberedStore.Reader() {
          @Override
          public boolean begin(long number, long horizon) {
            seen[0] = number;
            return false;
          }

          @Override
          public long latest() {
            return Long.MAX_VALUE;
          }

          @Override
          public boolean visit(FeatureEvent event) {
            return false;
          }
        });
    return seen[0];
  }

  @Test
  void eventsToAddAreGoneThroughOnce(@TempDir Path directory) {
    try (Database database = Database.sqlite(directory.resolve("features.db"), Durability.NORMAL)) {
      JdbcOnlineStore store = JdbcOnlineStore.in(database);
      for (int count : new int[] {1, 63, 64, 200}) {
        List<FeatureEvent> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
          events.add(event(i));
        }
        Iterator<FeatureEvent> once = events.iterator();
        assertThat(store.add(VIEW, () -> once)).isEqualTo(count);
      }
    }
  }

  private FeatureEvent event(int now) {
    long time = random.nextInt(3) == 0 ? random.nextInt(now + 1) : now;
    return new FeatureEvent(KEY, time, now, "id" + ids++, new Object[] {1.0});
  }

  private static List<String> scan(OnlineStore store, long latest, int wanted) {
    List<String> seen = new ArrayList<>();
    store.scan(
        VIEW,
        KEY,
        latest,
        event -> {
          seen.add(event.id());
          return seen.size() < wanted;
        });
    return seen;
  }
}
