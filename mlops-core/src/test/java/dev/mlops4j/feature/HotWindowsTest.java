package dev.mlops4j.feature;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.feature.Aggregation.count;
import static dev.mlops4j.feature.Aggregation.last;
import static dev.mlops4j.feature.Aggregation.sum;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is kept of windows: how much work it saves, how much it holds, and by many threads. */
class HotWindowsTest {

  private static final FeatureView VIEW =
      FeatureView.named("payments")
          .key("card", STRING)
          .eventTime("paid_at")
          .column("amount", FLOAT64)
          .feature("count_1h", count().over(Duration.ofHours(1)))
          .feature("sum_10m", sum("amount").over(Duration.ofMinutes(10)))
          .feature("last_1h", last("amount").over(Duration.ofHours(1)))
          .build();
  private static final EntityKey KEY = EntityKey.of(VIEW, "card");
  private static final int EVENTS = 1_000;
  private static final Instant NOON = Instant.parse("2024-05-01T12:00:00Z");

  @TempDir private Path directory;
  private final MutableClock clock = new MutableClock(NOON);
  private final Counting online = new Counting();
  private Workspace workspace;

  @BeforeEach
  void open() {
    workspace = Workspace.at(directory).clock(clock).open();
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  @Test
  void aLookupLooksAtNoEventOnceItsWindowsAreKept() {
    FeatureStore store = filled(new HotWindows());
    assertThat(eventsSeenBy(store)).isEqualTo(EVENTS);
    assertThat(eventsSeenBy(store)).as("to make the windows").isEqualTo(EVENTS);
    assertThat(eventsSeenBy(store)).isZero();
    clock.set(NOON.plusSeconds(90));
    push(store, "card", NOON.plusSeconds(60));
    push(store, "card", NOON.minusSeconds(600));
    assertThat(eventsSeenBy(store)).as("after pushes, one of them late").isZero();
    assertThat(counted(store, clock.instant())).isEqualTo(EVENTS + 2 - 25);
    assertThat(eventsSeenBy(store, clock.instant().minusSeconds(20))).as("a bit earlier").isZero();
  }

  @Test
  void aQuestionFarBackLooksAtTheEventsAndLeavesTheWindowsWhereTheyAre() {
    FeatureStore store = filled(new HotWindows());
    eventsSeenBy(store);
    eventsSeenBy(store);
    assertThat(eventsSeenBy(store, NOON.minusSeconds(1_800))).isPositive();
    assertThat(eventsSeenBy(store)).isZero();
  }

  @Test
  void aQuestionFromBeforeAllEventsLeavesTheWindowsToo() {
    FeatureStore store = filled(new HotWindows());
    eventsSeenBy(store);
    eventsSeenBy(store);
    assertThat(eventsSeenBy(store, NOON.minusSeconds(7_200))).isZero();
    assertThat(eventsSeenBy(store)).isZero();
  }

  @Test
  void aHeapOfEventsIsReadAnewAndNotHeldMeanwhile() {
    HotWindows windows = new HotWindows();
    FeatureStore store = filled(windows);
    eventsSeenBy(store);
    eventsSeenBy(store);
    List<FeatureEvent> heap = new ArrayList<>();
    for (int i = 0; i < 2 * EVENTS; i++) {
      long time = Micros.of(NOON.minusMillis(1_000L * i));
      heap.add(new FeatureEvent(KEY, time, time, "heap" + i, new Object[] {1.0}));
    }
    online.add(VIEW, heap);
    assertThat(windows.held()).as("let go of").isZero();
    assertThat(counted(store, NOON)).isEqualTo(3 * EVENTS);
  }

  @Test
  void noMoreWaitsForALookupThanTheLookupShouldPutInItsPlace() {
    HotWindows windows = new HotWindows();
    FeatureStore store = filled(windows);
    eventsSeenBy(store);
    eventsSeenBy(store);
    long kept = windows.held();
    for (int i = 0; i < 3 * EVENTS; i++) {
      push(store, "card", NOON.minusMillis(1_000L * i));
      assertThat(windows.held()).isLessThanOrEqualTo(kept + 1_000);
    }
    assertThat(counted(store, NOON)).isEqualTo(4 * EVENTS);
  }

  @Test
  void whatSomeoneElseTookInIsSeen() {
    FeatureStore store = filled(new HotWindows());
    eventsSeenBy(store);
    eventsSeenBy(store);
    long half = Micros.of(NOON.minusSeconds(1_800));
    online.inner.discard(VIEW, KEY, new OnlineStore.Position(half, 0, ""), 0);
    assertThat(counted(store, NOON)).as("half were discarded").isEqualTo(EVENTS / 2 + 1);
  }

  @Test
  void fewEventsAreNotKept() {
    HotWindows windows = new HotWindows();
    FeatureStore store = store(windows);
    for (int i = 0; i < 5; i++) {
      push(store, "card", NOON.minusSeconds(i));
      assertThat(counted(store, NOON)).isEqualTo(i + 1);
    }
    assertThat(windows.held()).isZero();
  }

  @Test
  void nothingOfAnErasedKeyIsKept() {
    HotWindows windows = new HotWindows();
    FeatureStore store = filled(windows);
    eventsSeenBy(store);
    eventsSeenBy(store);
    assertThat(windows.held()).isGreaterThan(EVENTS);
    store.erase(VIEW, KEY);
    assertThat(windows.held()).isZero();
    assertThat(counted(store, NOON)).isZero();
  }

  @Test
  void itHoldsNoMoreThanItSaysHoweverManyKeysAreAsked() {
    HotWindows windows = new HotWindows(400, 10);
    FeatureStore store = store(windows);
    for (int i = 0; i < 30; i++) {
      for (int key = 0; key < 20; key++) {
        push(store, "card" + key, NOON.minusSeconds(i));
        assertThat(counted(store, EntityKey.of(VIEW, "card" + key), NOON)).isEqualTo(i + 1);
        assertThat(windows.held()).isLessThanOrEqualTo(400);
      }
    }
    assertThat(windows.held()).isPositive();
  }

  @Test
  void aKeyWithMoreThanAllThatMayBeHeldIsAddedUpAnew() {
    HotWindows windows = new HotWindows(EVENTS, 10);
    FeatureStore store = filled(windows);
    for (int i = 0; i < 5; i++) {
      assertThat(counted(store, NOON)).isEqualTo(EVENTS);
      assertThat(windows.held()).isLessThanOrEqualTo(EVENTS);
    }
  }

  @Test
  void eventsThatHaveLeftTheWindowsAreLetGo() {
    HotWindows windows = new HotWindows();
    FeatureStore store = filled(windows);
    for (int i = 1; i <= 3 * EVENTS; i++) {
      clock.set(NOON.plusMillis(3_600L * i));
      push(store, "card", clock.instant());
      assertThat(counted(store, clock.instant())).isBetween(EVENTS - 1L, EVENTS + 1L);
    }
    // Each event counts twice, for itself and for the last of them.
    assertThat(windows.held()).isLessThan(2 * (2 * EVENTS + 200));
  }

  @Test
  void theCapHoldsForWindowsThatAreKept() {
    FeatureStore store =
        FeatureStore.builder(workspace).online(online).maxEventsPerLookup(50).open();
    for (int i = 0; i < 50; i++) {
      push(store, "card", NOON.minusSeconds(i));
      assertThat(counted(store, NOON)).isEqualTo(i + 1);
    }
    assertThat(eventsSeenBy(store)).isZero();
    push(store, "card", NOON.minusSeconds(50));
    assertThatThrownBy(() -> counted(store, NOON)).isInstanceOf(TooManyEventsException.class);
    clock.set(NOON.plusSeconds(3_600 - 50));
    assertThat(counted(store, clock.instant())).as("one has left").isEqualTo(50);
  }

  @Test
  void manyThreadsSeeWhatTheyPushedAndInTheEndWhatThereIs() throws Exception {
    AtomicLong micros = new AtomicLong(NOON.getEpochSecond() * 1_000_000);
    InstantSource ticking =
        () -> {
          long now = micros.addAndGet(50);
          return Instant.ofEpochSecond(now / 1_000_000, now % 1_000_000 * 1_000);
        };
    try (Workspace ticked = Workspace.at(directory.resolve("ticked")).clock(ticking).open()) {
      for (FeatureStore store :
          List.of(
              FeatureStore.inMemory(ticking),
              FeatureStore.in(ticked),
              FeatureStore.builder(ticked).online(new InMemoryOnlineStore()).open())) {
        pushAndLookUp(store, ticking);
      }
    }
  }

  private static void pushAndLookUp(FeatureStore store, InstantSource ticking) throws Exception {
    store.register(VIEW);
    long before = counted(store, ticking.instant());
    int threads = 4;
    long pushes = 150;
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Future<Long>> done = new ArrayList<>();
      for (int thread = 0; thread < threads; thread++) {
        boolean late = thread % 2 == 0;
        Callable<Long> work =
            () -> {
              long seen = before;
              for (int i = 0; i < pushes; i++) {
                Instant now = ticking.instant();
                push(store, "card", late ? now.minusSeconds(i) : now);
                // A little earlier than some other thread's now, or later.
                long found = counted(store, ticking.instant());
                assertThat(found).as("nothing leaves the window").isGreaterThan(seen);
                seen = found;
              }
              return seen;
            };
        done.add(executor.submit(work));
      }
      for (Future<Long> one : done) {
        one.get();
      }
    } finally {
      executor.shutdownNow();
    }
    FeatureValues values = store.get(VIEW, KEY, ticking.instant());
    assertThat(values.value("count_1h")).isEqualTo(before + threads * pushes);
    assertThat(values.value("sum_10m")).isEqualTo((double) (before + threads * pushes));
    store.close();
  }

  private FeatureStore store(HotWindows windows) {
    FeatureStore store = FeatureStore.builder(workspace).online(online).hotWindows(windows).open();
    store.register(VIEW);
    return store;
  }

  /** With an event every 3.6 seconds of the last hour. */
  private FeatureStore filled(HotWindows windows) {
    FeatureStore store = store(windows);
    List<FeatureEvent> events = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      long time = Micros.of(NOON.minusMillis(3_600L * i));
      events.add(new FeatureEvent(KEY, time, time, "id" + i, new Object[] {1.0}));
    }
    assertThat(counted(store, NOON)).as("which warms the store").isZero();
    online.bringUp(VIEW, KEY, events, Micros.of(NOON.minusSeconds(86_400)));
    return store;
  }

  private int eventsSeenBy(FeatureStore store) {
    return eventsSeenBy(store, clock.instant());
  }

  private int eventsSeenBy(FeatureStore store, Instant at) {
    online.seen = 0;
    store.get(VIEW, KEY, at);
    return online.seen;
  }

  private static long counted(FeatureStore store, Instant at) {
    return counted(store, KEY, at);
  }

  private static long counted(FeatureStore store, EntityKey key, Instant at) {
    return (Long) store.get(VIEW, key, at).value("count_1h");
  }

  private static void push(FeatureStore store, String card, Instant paid) {
    store.push(VIEW, Map.of("card", card, "paid_at", paid, "amount", 1.0));
  }

  /** Counts the events that are shown to lookups. */
  private static final class Counting extends ForwardingOnlineStore implements NumberedStore {

    private final InMemoryOnlineStore inner;
    private int seen;

    Counting() {
      this(new InMemoryOnlineStore());
    }

    private Counting(InMemoryOnlineStore inner) {
      super(inner);
      this.inner = inner;
    }

    @Override
    public long scan(FeatureView view, EntityKey key, Reader reader) {
      return inner.scan(
          view,
          key,
          new Reader() {
            @Override
            public boolean begin(long number, long horizon) {
              return reader.begin(number, horizon);
            }

            @Override
            public long latest() {
              return reader.latest();
            }

            @Override
            public boolean visit(FeatureEvent event) {
              seen++;
              return reader.visit(event);
            }
          });
    }

    @Override
    public void listen(Listener listener) {
      inner.listen(listener);
    }

    @Override
    public void ignore(Listener listener) {
      inner.ignore(listener);
    }
  }
}
