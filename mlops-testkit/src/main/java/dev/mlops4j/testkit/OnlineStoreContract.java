package dev.mlops4j.testkit;

import static dev.mlops4j.data.ColumnType.BOOLEAN;
import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.INT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.data.ColumnType.TIMESTAMP;
import static dev.mlops4j.data.ColumnType.floats;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mlops4j.data.Floats;
import dev.mlops4j.feature.EntityKey;
import dev.mlops4j.feature.FeatureEvent;
import dev.mlops4j.feature.FeatureView;
import dev.mlops4j.feature.OnlineStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What every {@link OnlineStore} must do. Extend it and say how a store is opened. */
public abstract class OnlineStoreContract {

  private static final FeatureView VIEW = view("readings");

  private OnlineStore store;

  /** For subclasses. */
  protected OnlineStoreContract() {}

  /** Opens the store of this test: empty at first, with what it kept when it is opened again. */
  protected abstract OnlineStore open();

  /** Whether what was added is still there when the store is closed and opened again. */
  protected abstract boolean isDurable();

  @BeforeEach
  void openStore() {
    store = open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  /** How events come back. */
  @Nested
  class Order {

    @Test
    void eventsComeInDescendingOrderOfEventTimeThenKnownThenId() {
      List<FeatureEvent> ascending =
          List.of(
              event("k", 1, 9, "z"),
              event("k", 2, 2, "y"),
              event("k", 2, 3, "a"),
              event("k", 2, 3, "b"),
              event("k", 2, 3, "\uFF5E"),
              event("k", 2, 3, "\uD83D\uDE00"),
              event("k", 3, 0, "0"));
      List<FeatureEvent> shuffled = new ArrayList<>(ascending);
      Collections.shuffle(shuffled, new Random(7));
      for (FeatureEvent event : shuffled) {
        store.add(VIEW, List.of(event));
      }
      List<FeatureEvent> descending = new ArrayList<>(ascending);
      Collections.reverse(descending);
      assertThat(scan("k", Long.MAX_VALUE)).containsExactlyElementsOf(descending);
    }

    @Test
    void theLatestEventTimeAskedForIsIncludedAndLaterOnesAreNot() {
      store.add(VIEW, List.of(event("k", 1, 1, "a"), event("k", 2, 2, "b"), event("k", 3, 3, "c")));
      assertThat(scan("k", 2)).extracting(FeatureEvent::id).containsExactly("b", "a");
      assertThat(scan("k", 0)).isEmpty();
    }

    @Test
    void nothingIsShownAfterTheVisitorHasSeenEnough() {
      store.add(VIEW, List.of(event("k", 1, 1, "a"), event("k", 2, 2, "b")));
      List<String> seen = new ArrayList<>();
      store.scan(
          VIEW,
          key("k"),
          9,
          event -> {
            seen.add(event.id());
            return false;
          });
      assertThat(seen).containsExactly("b");
    }

    @Test
    void timesBeforeTheEpochAndAtTheEndsOfTimeKeepTheirOrder() {
      store.add(
          VIEW,
          List.of(
              event("k", -5, -9, "a"),
              event("k", Long.MIN_VALUE, Long.MIN_VALUE, "b"),
              event("k", Long.MAX_VALUE, Long.MAX_VALUE, "c")));
      assertThat(scan("k", Long.MAX_VALUE))
          .extracting(FeatureEvent::id)
          .containsExactly("c", "a", "b");
    }
  }

  /** What belongs together and what does not. */
  @Nested
  class Keys {

    @Test
    void compositeKeysAreToldApartFieldByField() {
      FeatureView view =
          FeatureView.named("pairs")
              .key("a", STRING)
              .key("b", STRING)
              .eventTime("time")
              .feature("number", FLOAT64)
              .build();
      EntityKey one = EntityKey.of(view, "1", "23");
      EntityKey other = EntityKey.of(view, "12", "3");
      store.add(view, List.of(new FeatureEvent(one, 1, 1, "a", new Object[] {1.0})));
      store.add(view, List.of(new FeatureEvent(other, 1, 1, "b", new Object[] {2.0})));
      assertThat(ids(view, one)).containsExactly("a");
      assertThat(ids(view, other)).containsExactly("b");
    }

    @Test
    void arraysComeBackToTheBit() {
      FeatureView items =
          FeatureView.named("items")
              .key("item", STRING)
              .eventTime("time")
              .feature("embedding", floats(3))
              .build();
      EntityKey key = EntityKey.of(items, "shoe");
      Floats array = Floats.of(-0.0f, Float.MIN_VALUE, Float.NaN);
      store.add(
          items,
          List.of(
              new FeatureEvent(key, 1, 1, "a", new Object[] {array}),
              new FeatureEvent(key, 2, 2, "b", new @Nullable Object[] {null})));
      List<@Nullable Object> found = new ArrayList<>();
      store.scan(items, key, Long.MAX_VALUE, event -> found.add(event.values()[0]));
      assertThat(found).containsExactly(null, array);
    }

    @Test
    void viewsAreToldApart() {
      FeatureView other = view("others");
      store.add(VIEW, List.of(event("k", 1, 1, "a")));
      assertThat(ids(other, EntityKey.of(other, "k"))).isEmpty();
      assertThat(store.add(other, List.of(event("k", 1, 1, "a")))).isEqualTo(1);
    }

    @Test
    void anotherDefinitionUnderTheSameNameIsAnotherView() {
      FeatureView changed =
          FeatureView.named("readings")
              .key("sensor", STRING)
              .eventTime("time")
              .eventId("id")
              .feature("number", FLOAT64)
              .build();
      EntityKey key = EntityKey.of(changed, "k");
      store.add(VIEW, List.of(event("k", 1, 1, "a")));
      store.add(changed, List.of(new FeatureEvent(key, 2, 2, "a", new Object[] {1.0})));
      assertThat(scan("k", 9)).extracting(FeatureEvent::eventTime).containsExactly(1L);
      assertThat(ids(changed, key)).containsExactly("a");
    }

    @Test
    void manyEventsOfManyKeysAtOnceAreEachFound() {
      FeatureView unidentified =
          FeatureView.named("unidentified")
              .key("sensor", STRING)
              .eventTime("time")
              .feature("number", FLOAT64)
              .build();
      List<FeatureEvent> events = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        EntityKey key = EntityKey.of(unidentified, "k" + i % 50);
        events.add(new FeatureEvent(key, 500 - i, 500 - i, "id" + i, new Object[] {(double) i}));
      }
      EntityKey key = EntityKey.of(unidentified, "k7");
      assertThat(ids(unidentified, key)).isEmpty();
      assertThat(store.add(unidentified, events)).isEqualTo(500);
      assertThat(ids(unidentified, key))
          .containsExactly(
              "id7", "id57", "id107", "id157", "id207", "id257", "id307", "id357", "id407",
              "id457");
      assertThat(store.add(unidentified, events)).isZero();
      assertThat(ids(unidentified, key)).hasSize(10);
    }

    @Test
    void aKeyNeverSeenHasNothing() {
      assertThat(scan("nobody", Long.MAX_VALUE)).isEmpty();
      assertThat(horizon("nobody")).isEqualTo(Long.MIN_VALUE);
    }
  }

  /** Ids. */
  @Nested
  class Duplicates {

    @Test
    void anEventSeenBeforeIsIgnoredAndTheFirstStays() {
      assertThat(store.add(VIEW, List.of(event("k", 1, 1, "a")))).isEqualTo(1);
      assertThat(store.add(VIEW, List.of(event("k", 5, 5, "a"), event("k", 2, 2, "b"))))
          .isEqualTo(1);
      assertThat(scan("k", 9)).containsExactly(event("k", 2, 2, "b"), event("k", 1, 1, "a"));
    }

    @Test
    void anIdIsTheViewsWhateverTheKey() {
      store.add(VIEW, List.of(event("k", 1, 1, "a")));
      assertThat(store.add(VIEW, List.of(event("l", 1, 1, "a")))).isZero();
      assertThat(scan("l", 9)).isEmpty();
    }

    @Test
    void ofTwoInOneBatchTheFirstCounts() {
      assertThat(
              store.add(
                  VIEW,
                  List.of(event("k", 1, 1, "x"), event("l", 1, 1, "a"), event("k", 2, 2, "a"))))
          .isEqualTo(2);
      assertThat(scan("l", 9)).hasSize(1);
      assertThat(scan("k", 9)).extracting(FeatureEvent::id).containsExactly("x");
    }

    @Test
    void twoEventsAtOneMomentAreTwo() {
      store.add(VIEW, List.of(event("k", 1, 1, "a"), event("k", 1, 1, "b")));
      assertThat(scan("k", 9)).hasSize(2);
    }
  }

  /** What an event carries. */
  @Nested
  class Values {

    @Test
    void everyTypeComesBackAsItWas() {
      FeatureEvent event =
          new FeatureEvent(
              key("k"),
              1,
              2,
              "a",
              new @Nullable Object[] {
                -0.0,
                Long.MIN_VALUE,
                true,
                "tëxt \u0000 \uD83D\uDE00",
                Instant.ofEpochSecond(-1, 1_000)
              });
      store.add(VIEW, List.of(event));
      assertThat(scan("k", 9)).containsExactly(event);
    }

    @Test
    void nullsComeBackAsNulls() {
      FeatureEvent event = new FeatureEvent(key("k"), 1, 2, "a", new @Nullable Object[5]);
      store.add(VIEW, List.of(event));
      assertThat(scan("k", 9)).containsExactly(event);
    }

    @Test
    void nanAndTheInfinitiesAreValues() {
      for (double number :
          new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
        store.add(VIEW, List.of(with(number, "id" + number)));
      }
      assertThat(scan("k", 9))
          .extracting(event -> event.values()[0])
          .containsExactlyInAnyOrder(
              Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
    }
  }

  /** Forgetting. */
  @Nested
  class Discard {

    @Test
    void whatIsBeforeTheFirstKeptIsGoneAndNothingElse() {
      store.add(
          VIEW,
          List.of(
              event("k", 1, 1, "a"),
              event("k", 2, 1, "a2"),
              event("k", 2, 2, "b"),
              event("k", 3, 3, "c"),
              event("l", 1, 1, "d")));
      store.discard(VIEW, key("k"), new OnlineStore.Position(2, 2, "b"), 7);
      assertThat(scan("k", 9)).extracting(FeatureEvent::id).containsExactly("c", "b");
      assertThat(scan("l", 9)).hasSize(1);
    }

    @Test
    void theHorizonIsRememberedAndNeverGoesBack() {
      store.bringUp(VIEW, key("k"), List.of(event("k", 2, 2, "b")), 3);
      assertThat(store.discard(VIEW, key("k"), new OnlineStore.Position(2, 2, "b"), 7)).isTrue();
      assertThat(horizon("k")).isEqualTo(7);
      assertThat(store.discard(VIEW, key("k"), new OnlineStore.Position(1, 1, ""), 5)).isTrue();
      assertThat(horizon("k")).isEqualTo(7);
      store.add(VIEW, List.of(event("k", 9, 9, "new")));
      assertThat(horizon("k")).isEqualTo(7);
      assertThat(horizon("l")).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void aKeyThatIsNotBroughtUpGetsNoHorizon() {
      OnlineStore.Position first = new OnlineStore.Position(1, 1, "");
      assertThat(store.discard(VIEW, key("nobody"), first, 7)).isFalse();
      assertThat(horizon("nobody")).isEqualTo(Long.MIN_VALUE);
      store.add(VIEW, List.of(event("k", 1, 1, "a"), event("k", 2, 2, "b")));
      assertThat(store.discard(VIEW, key("k"), new OnlineStore.Position(2, 0, ""), 7)).isFalse();
      assertThat(horizon("k")).isEqualTo(Long.MIN_VALUE);
      assertThat(scan("k", 9)).hasSize(1);
    }

    @Test
    void theHorizonGoesWithTheLastEvent() {
      store.bringUp(VIEW, key("k"), List.of(event("k", 1, 1, "a"), event("k", 2, 2, "b")), 3);
      assertThat(store.discard(VIEW, key("k"), new OnlineStore.Position(3, 0, ""), 7)).isFalse();
      assertThat(horizon("k")).isEqualTo(Long.MIN_VALUE);
      assertThat(keys()).isEmpty();
      store.add(VIEW, List.of(event("k", 2, 2, "b")));
      assertThat(horizon("k"))
          .as("it is not brought up by an event alone")
          .isEqualTo(Long.MIN_VALUE);
      assertThat(scan("k", 9)).extracting(FeatureEvent::id).containsExactly("b");
    }
  }

  /** Having all of a key that questions depend on. */
  @Nested
  class BringUp {

    @Test
    void eventsAreAddedAndTheHorizonIsRaised() {
      store.add(VIEW, List.of(event("k", 1, 1, "a"), event("l", 5, 5, "d")));
      assertThat(horizon("k")).isEqualTo(Long.MIN_VALUE);
      store.bringUp(VIEW, key("k"), List.of(event("k", 3, 3, "c"), event("k", 1, 1, "a")), -4);
      assertThat(scan("k", 9)).containsExactly(event("k", 3, 3, "c"), event("k", 1, 1, "a"));
      assertThat(horizon("k")).isEqualTo(-4);
      assertThat(horizon("l")).isEqualTo(Long.MIN_VALUE);
      store.bringUp(VIEW, key("k"), List.of(event("k", 3, 3, "c"), event("k", 2, 2, "b")), 7);
      assertThat(scan("k", 9)).hasSize(3);
      assertThat(horizon("k")).isEqualTo(7);
      store.bringUp(VIEW, key("k"), List.of(event("k", 3, 3, "c")), 6);
      assertThat(horizon("k")).isEqualTo(7);
    }

    @Test
    void nothingIsLeftOfAKeyWithoutEvents() {
      store.bringUp(VIEW, key("k"), List.of(), 7);
      assertThat(horizon("k")).isEqualTo(Long.MIN_VALUE);
      assertThat(keys()).isEmpty();
    }

    @Test
    void everyKeyThatIsBroughtUpIsShownAndTheVisitorMayCallTheStore() {
      List<EntityKey> broughtUp = new ArrayList<>();
      for (int i = 0; i < 1_500; i++) {
        String name = "k\u0000" + i;
        broughtUp.add(key(name));
        store.bringUp(VIEW, key(name), List.of(event(name, i, i, "id" + i)), 7);
      }
      store.bringUp(VIEW, key("erased"), List.of(event("erased", 1, 1, "e")), 7);
      store.erase(VIEW, key("erased"));
      Set<EntityKey> shown = new HashSet<>();
      OnlineStore.Position kept = new OnlineStore.Position(1_000, 0, "");
      store.visitKeys(
          VIEW,
          key -> {
            shown.add(key);
            store.discard(VIEW, key, kept, 8);
          });
      assertThat(shown).containsExactlyInAnyOrderElementsOf(broughtUp);
      assertThat(keys()).containsExactlyInAnyOrderElementsOf(broughtUp.subList(1_000, 1_500));
      List<EntityKey> ofAnother = new ArrayList<>();
      store.visitKeys(view("others"), ofAnother::add);
      assertThat(ofAnother).isEmpty();
    }
  }

  /** Forgetting a key. */
  @Nested
  class Erase {

    @Test
    void allOfAKeyIsForgottenAndNothingOfOthers() {
      store.add(VIEW, List.of(event("k", 1, 1, "a"), event("l", 1, 1, "c")));
      store.bringUp(VIEW, key("k"), List.of(event("k", 2, 2, "b")), 5);
      store.discard(VIEW, key("k"), new OnlineStore.Position(2, 2, "b"), 7);
      assertThat(store.erase(VIEW, key("k"))).isEqualTo(1);
      assertThat(scan("k", 9)).isEmpty();
      assertThat(horizon("k")).isEqualTo(Long.MIN_VALUE);
      assertThat(scan("l", 9)).hasSize(1);
      assertThat(store.erase(VIEW, key("k"))).isZero();
    }

    @Test
    void whatWasErasedCanComeAgain() {
      store.add(VIEW, List.of(event("k", 1, 1, "a")));
      assertThat(scan("k", 9)).hasSize(1);
      store.erase(VIEW, key("k"));
      store.add(VIEW, List.of(event("k", 5, 5, "a")));
      assertThat(scan("k", 9)).extracting(FeatureEvent::eventTime).containsExactly(5L);
    }

    @Test
    void othersOnTheSameBackendSeeIt() {
      assumeTrue(isDurable(), "nobody else sees a store that is not durable");
      store.add(VIEW, List.of(event("k", 1, 1, "a")));
      try (OnlineStore other = open()) {
        assertThat(ids(other, VIEW, key("k"))).containsExactly("a");
        store.erase(VIEW, key("k"));
        store.add(VIEW, List.of(event("k", 2, 2, "b")));
        assertThat(ids(other, VIEW, key("k"))).containsExactly("b");
      }
    }
  }

  /** All or none. */
  @Nested
  class Atomicity {

    @Test
    void ofABatchThatFailsNothingIsKept() {
      List<FeatureEvent> events = new ArrayList<>(List.of(event("k", 1, 1, "a")));
      Iterable<FeatureEvent> failing =
          () ->
              events.stream()
                  .map(
                      event -> {
                        if (event.id().equals("bad")) {
                          throw new IllegalStateException("no more");
                        }
                        return event;
                      })
                  .iterator();
      events.add(event("k", 2, 2, "bad"));
      assertThatThrownBy(() -> store.add(VIEW, failing)).hasMessageContaining("no more");
      assertThat(scan("k", 9)).isEmpty();
      assertThat(store.add(VIEW, List.of(event("k", 1, 1, "a")))).isEqualTo(1);
    }
  }

  /** Many threads. */
  @Nested
  class Concurrency {

    @Test
    void everyEventIsAddedOnceAndReadersSeeOrder() throws Exception {
      ExecutorService threads = Executors.newFixedThreadPool(4);
      try {
        List<Future<Integer>> added = new ArrayList<>();
        for (int thread = 0; thread < 4; thread++) {
          int first = thread * 25;
          Callable<Integer> work =
              () -> {
                int count = 0;
                for (int i = first; i < first + 50; i++) {
                  count += store.add(VIEW, List.of(event("k", i, i, String.format("%03d", i))));
                  List<FeatureEvent> seen = scan("k", Long.MAX_VALUE);
                  assertThat(seen).isSortedAccordingTo(Collections.reverseOrder());
                }
                return count;
              };
          added.add(threads.submit(work));
        }
        int total = 0;
        for (Future<Integer> one : added) {
          total += one.get();
        }
        assertThat(total).isEqualTo(125);
        assertThat(scan("k", Long.MAX_VALUE)).hasSize(125);
      } finally {
        threads.shutdownNow();
      }
    }

    /** How many events a shuffled batch has: enough for what a backend does with many at once. */
    private static final int BATCH = 100;

    @Test
    void writersOfOneKeyInAnyOrderEndTheSame() throws Exception {
      FeatureView expectedView = view("filled_by_one");
      List<FeatureEvent> events = new ArrayList<>();
      for (int i = 0; i < 3 * BATCH; i++) {
        events.add(event("k", i / 3, i % 3, String.format("%03d", i)));
      }
      events.forEach(event -> store.add(expectedView, List.of(event)));
      EntityKey key = EntityKey.of(expectedView, "k");
      List<FeatureEvent> expected = new ArrayList<>();
      store.scan(expectedView, key, Long.MAX_VALUE, expected::add);

      // Some one by one, some all at once; each event by every thread, in an order of its own.
      List<Callable<Integer>> writers = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        List<FeatureEvent> shuffled = new ArrayList<>(events);
        Collections.shuffle(shuffled, new Random(thread));
        int part = thread % 2 == 0 ? 1 : BATCH;
        writers.add(() -> addInParts(shuffled, part));
      }
      int added = together(writers).stream().mapToInt(Integer::intValue).sum();

      assertThat(added).isEqualTo(events.size());
      assertThat(scan("k", Long.MAX_VALUE)).containsExactlyElementsOf(expected);
    }

    @Test
    void oneIdFromSeveralThreadsAtOnceIsOneEvent() throws Exception {
      for (int round = 0; round < 20; round++) {
        FeatureEvent event = event("k", round, round, "id" + round);
        List<Callable<Integer>> writers =
            Collections.nCopies(4, () -> store.add(VIEW, List.of(event)));
        assertThat(together(writers)).containsOnlyOnce(1).containsOnly(0, 1);
        assertThat(scan("k", Long.MAX_VALUE)).hasSize(round + 1);
      }
    }

    @Test
    void whatIsAddedWhileOthersAreForgottenIsThere() throws Exception {
      List<FeatureEvent> old = new ArrayList<>();
      List<FeatureEvent> recent = new ArrayList<>();
      for (int i = 0; i < BATCH; i++) {
        old.add(event("k", i, i, "old" + i));
        recent.add(event("k", BATCH + i, BATCH + i, "new" + i));
      }
      store.bringUp(VIEW, key("k"), old, -1);
      OnlineStore.Position firstKept = new OnlineStore.Position(BATCH, Long.MIN_VALUE, "");
      together(
          List.of(
              () -> addInParts(recent, 1),
              () -> {
                for (int i = 0; i < BATCH; i += 5) {
                  store.discard(VIEW, key("k"), new OnlineStore.Position(i, i, ""), i);
                }
                store.discard(VIEW, key("k"), firstKept, BATCH);
                return 0;
              }));
      Collections.reverse(recent);
      assertThat(scan("k", Long.MAX_VALUE)).containsExactlyElementsOf(recent);
      // Not if the last of the old ones went before the first of the new came.
      assertThat(horizon("k")).isIn((long) BATCH, Long.MIN_VALUE);
    }

    @Test
    void anErasureTakesWholeBatchesOrNone() throws Exception {
      List<FeatureEvent> batch = new ArrayList<>();
      for (int i = 0; i < BATCH; i++) {
        batch.add(event("k", i, i, "id" + i));
        batch.add(event("l", i, i, "others" + i));
      }
      for (int round = 0; round < 10; round++) {
        List<Integer> counts =
            together(List.of(() -> store.add(VIEW, batch), () -> store.erase(VIEW, key("k"))));
        int left = scan("k", Long.MAX_VALUE).size();
        assertThat(counts.get(1)).isIn(0, BATCH);
        assertThat(left).isEqualTo(counts.get(1) == 0 ? BATCH : 0);
        assertThat(scan("l", Long.MAX_VALUE)).hasSize(BATCH);
        store.erase(VIEW, key("k"));
        store.erase(VIEW, key("l"));
      }
    }

    @Test
    void aKeyThatIsErasedWhileItIsBroughtUpHasAllOfItOrNothing() throws Exception {
      List<FeatureEvent> batch = new ArrayList<>();
      for (int i = 0; i < BATCH; i++) {
        batch.add(event("k", i, i, "id" + i));
      }
      for (int round = 0; round < 10; round++) {
        together(
            List.of(
                () -> {
                  store.bringUp(VIEW, key("k"), batch, 7);
                  return 0;
                },
                () -> store.erase(VIEW, key("k")),
                () ->
                    store.discard(VIEW, key("k"), new OnlineStore.Position(0, 0, ""), 5) ? 1 : 0));
        int left = scan("k", Long.MAX_VALUE).size();
        assertThat(left).isIn(0, BATCH);
        assertThat(horizon("k")).isEqualTo(left == 0 ? Long.MIN_VALUE : 7);
        store.erase(VIEW, key("k"));
      }
    }

    @Test
    void twoThatAreOpenOnOneBackendEndTheSameInAnyOrder() throws Exception {
      assumeTrue(isDurable(), "nobody else sees a store that is not durable");
      List<FeatureEvent> events = new ArrayList<>();
      for (int i = 0; i < 2 * BATCH; i++) {
        events.add(event("k", i, i, String.format("%03d", i)));
      }
      List<FeatureEvent> shuffled = new ArrayList<>(events);
      Collections.shuffle(shuffled, new Random(11));
      try (OnlineStore other = open()) {
        int added =
            together(
                    List.of(
                        () -> addInParts(events, BATCH),
                        () -> {
                          int count = 0;
                          for (FeatureEvent event : shuffled) {
                            count += other.add(VIEW, List.of(event));
                          }
                          return count;
                        }))
                .stream()
                .mapToInt(Integer::intValue)
                .sum();
        Collections.reverse(events);
        assertThat(added).isEqualTo(events.size());
        assertThat(scan("k", Long.MAX_VALUE)).containsExactlyElementsOf(events);
        assertThat(ids(other, VIEW, key("k"))).hasSize(events.size());
      }
    }

    private int addInParts(List<FeatureEvent> events, int part) {
      int added = 0;
      for (int i = 0; i < events.size(); i += part) {
        added += store.add(VIEW, events.subList(i, Math.min(i + part, events.size())));
      }
      return added;
    }

    /** Does all of it on a thread each, begun at once. */
    private List<Integer> together(List<Callable<Integer>> work) throws Exception {
      ExecutorService threads = Executors.newFixedThreadPool(work.size());
      try {
        CyclicBarrier begin = new CyclicBarrier(work.size());
        List<Future<Integer>> running = new ArrayList<>();
        for (Callable<Integer> one : work) {
          running.add(
              threads.submit(
                  () -> {
                    begin.await();
                    return one.call();
                  }));
        }
        List<Integer> results = new ArrayList<>();
        for (Future<Integer> one : running) {
          results.add(one.get());
        }
        return results;
      } finally {
        threads.shutdownNow();
      }
    }
  }

  /** The same backend, opened twice or again. */
  @Nested
  class Reopened {

    @Test
    void eventsAndHorizonAreThereAgain() {
      assumeTrue(isDurable());
      store.bringUp(VIEW, key("k"), List.of(event("k", 1, 1, "a"), event("k", 2, 2, "b")), 3);
      store.discard(VIEW, key("k"), new OnlineStore.Position(2, 2, "b"), 7);
      store.close();
      store = open();
      assertThat(scan("k", 9)).containsExactly(event("k", 2, 2, "b"));
      assertThat(horizon("k")).isEqualTo(7);
      assertThat(store.add(VIEW, List.of(event("k", 3, 3, "b")))).isZero();
    }

    @Test
    void whatOneOpenStoreAddsTheOtherSees() {
      assumeTrue(isDurable());
      try (OnlineStore other = open()) {
        for (int i = 0; i < 5; i++) {
          store.add(VIEW, List.of(event("k", i, i, "mine" + i)));
          assertThat(ids(other, VIEW, key("k"))).hasSize(2 * i + 1);
          other.add(VIEW, List.of(event("k", -i, i, "others" + i)));
          assertThat(scan("k", 9)).hasSize(2 * i + 2);
        }
        other.bringUp(VIEW, key("k"), List.of(), 10);
        assertThat(horizon("k")).isEqualTo(10);
        other.discard(VIEW, key("k"), new OnlineStore.Position(4, 0, ""), 11);
        assertThat(scan("k", 9)).hasSize(1);
        assertThat(horizon("k")).isEqualTo(11);
      }
    }

    @Test
    void closingTwiceDoesNothing() {
      store.close();
      store.close();
    }
  }

  private List<FeatureEvent> scan(String key, long latest) {
    List<FeatureEvent> seen = new ArrayList<>();
    store.scan(VIEW, key(key), latest, seen::add);
    return seen;
  }

  private long horizon(String key) {
    return store.scan(VIEW, key(key), Long.MAX_VALUE, event -> true);
  }

  private Set<EntityKey> keys() {
    Set<EntityKey> keys = new HashSet<>();
    store.visitKeys(VIEW, keys::add);
    return keys;
  }

  private List<String> ids(FeatureView view, EntityKey key) {
    return ids(store, view, key);
  }

  private static List<String> ids(OnlineStore of, FeatureView view, EntityKey key) {
    List<String> ids = new ArrayList<>();
    of.scan(view, key, Long.MAX_VALUE, event -> ids.add(event.id()));
    return ids;
  }

  private static EntityKey key(String name) {
    return EntityKey.of(VIEW, name);
  }

  private static FeatureEvent event(String key, long eventTime, long known, String id) {
    Object[] values = {1.5, 2L, false, "text", Instant.EPOCH};
    return new FeatureEvent(key(key), eventTime, known, id, values);
  }

  private static FeatureEvent with(double number, String id) {
    return new FeatureEvent(
        key("k"), 1, 1, id, new @Nullable Object[] {number, null, null, null, null});
  }

  private static FeatureView view(String name) {
    return FeatureView.named(name)
        .key("sensor", STRING)
        .eventTime("time")
        .eventId("id")
        .feature("number", FLOAT64)
        .column("whole", INT64)
        .column("truth", BOOLEAN)
        .column("text", STRING)
        .column("instant", TIMESTAMP)
        .build();
  }
}
