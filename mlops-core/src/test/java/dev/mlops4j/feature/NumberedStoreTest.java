package dev.mlops4j.feature;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.storage.Database;
import dev.mlops4j.storage.Durability;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The numbers by which what is kept of a key is told to be out of date. */
class NumberedStoreTest {

  private static final FeatureView VIEW =
      FeatureView.named("readings")
          .key("sensor", STRING)
          .eventTime("time")
          .eventId("id")
          .feature("n", FLOAT64)
          .build();
  private static final EntityKey KEY = EntityKey.of(VIEW, "k");
  private static final EntityKey OTHER = EntityKey.of(VIEW, "other");

  enum Kind {
    MEMORY,
    SQLITE
  }

  @TempDir private Path directory;
  private Database database;
  private final List<NumberedStore.Change> told = new ArrayList<>();
  private final List<EntityKey> erased = new ArrayList<>();

  @BeforeEach
  void open() {
    database = Database.sqlite(directory.resolve("features.db"), Durability.NORMAL);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @ParameterizedTest
  @EnumSource
  void aNumberRisesWithEveryChangeAndWithNothingElse(Kind kind) {
    NumberedStore store = store(kind);
    long before = number(store, KEY);
    store.add(VIEW, List.of(event(KEY, 1), event(KEY, 2)));
    long added = number(store, KEY);
    assertThat(added).isGreaterThan(before);
    store.add(VIEW, List.of(event(KEY, 1), event(OTHER, 3)));
    assertThat(number(store, KEY)).isEqualTo(added);
    store.discard(VIEW, KEY, new OnlineStore.Position(2, 0, ""), 1);
    long discarded = number(store, KEY);
    assertThat(discarded).isGreaterThan(added);
    store.erase(VIEW, KEY);
    long gone = number(store, KEY);
    assertThat(gone).isGreaterThan(discarded);
    store.add(VIEW, List.of(event(KEY, 4)));
    assertThat(number(store, KEY)).isGreaterThan(gone);
  }

  @ParameterizedTest
  @EnumSource
  void aChangeThatIsToldMadeTheNumberOneGreater(Kind kind) {
    NumberedStore store = store(kind);
    store.add(VIEW, List.of(event(KEY, 1)));
    long first = number(store, KEY);
    store.add(VIEW, List.of(event(KEY, 3), event(KEY, 2)));
    store.discard(VIEW, KEY, new OnlineStore.Position(2, 0, ""), 1);
    assertThat(told)
        .containsExactly(
            new NumberedStore.Change.Added(first, List.of(event(KEY, 1))),
            new NumberedStore.Change.Added(first + 1, List.of(event(KEY, 3), event(KEY, 2))),
            new NumberedStore.Change.Discarded(first + 2, new OnlineStore.Position(2, 0, "")));
    store.erase(VIEW, KEY);
    assertThat(erased).containsExactly(KEY);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsTakenInInAHeapIsToldOrMakesTheNumberRiseByItself(Kind kind) {
    NumberedStore store = store(kind);
    long before = number(store, KEY);
    store.add(VIEW, IntStream.range(0, 500).mapToObj(i -> event(KEY, i)).toList());
    assertThat(number(store, KEY)).isGreaterThan(before);
    told.forEach(change -> assertThat(change.number()).isEqualTo(number(store, KEY)));
  }

  @Test
  void anotherProcessMakesTheNumberRiseWithoutAWord() {
    NumberedStore store = store(Kind.SQLITE);
    store.add(VIEW, List.of(event(KEY, 1)));
    long before = number(store, KEY);
    told.clear();
    JdbcOnlineStore.in(database).add(VIEW, List.of(event(KEY, 2)));
    assertThat(number(store, KEY)).isGreaterThan(before);
    assertThat(told).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void whoListensNoMoreIsNotTold(Kind kind) {
    NumberedStore store = store(kind);
    store.ignore(listener);
    store.add(VIEW, List.of(event(KEY, 1)));
    store.erase(VIEW, KEY);
    assertThat(told).isEmpty();
    assertThat(erased).isEmpty();
  }

  private final NumberedStore.Listener listener =
      new NumberedStore.Listener() {
        @Override
        public void changed(FeatureView view, EntityKey key, NumberedStore.Change change) {
          if (key.equals(KEY)) {
            told.add(change);
          }
        }

        @Override
        public void erased(FeatureView view, EntityKey key) {
          erased.add(key);
        }
      };

  private NumberedStore store(Kind kind) {
    NumberedStore store =
        kind == Kind.MEMORY ? new InMemoryOnlineStore() : JdbcOnlineStore.in(database);
    store.listen(listener);
    return store;
  }

  private static long number(NumberedStore store, EntityKey key) {
    long[] seen = {-1};
    store.scan(
        VIEW,
        key,
        new NumberedStore.Reader() {
          @Override
          public boolean begin(long number, long horizon) {
            seen[0] = number;
            return false;
          }

          @Override
          public long latest() {
            throw new AssertionError("no events were asked for");
          }

          @Override
          public boolean visit(FeatureEvent event) {
            throw new AssertionError("no events were asked for");
          }
        });
    return seen[0];
  }

  private static FeatureEvent event(EntityKey key, long time) {
    return new FeatureEvent(key, time, time, key + "/" + time, new Object[] {1.0});
  }
}
