package dev.mlops4j.feature;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.data.ColumnType.TIMESTAMP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.Digest;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Schema;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Erasing where the online store fails, and beside what brings it up to the history. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ErasureTest {

  private static final Instant START = Instant.parse("2013-03-01T00:00:00Z");
  private static final FeatureView VIEW =
      FeatureView.named("weather")
          .key("origin", STRING)
          .eventTime("observed_at")
          .feature("wind", FLOAT64)
          .build();
  private static final EntityKey KEY = EntityKey.of(VIEW, "JFK");
  private static final Dataset ROWS =
      Dataset.builder(
              Schema.builder()
                  .required("origin", STRING)
                  .required("observed_at", TIMESTAMP)
                  .required("wind", FLOAT64)
                  .build())
          .add("JFK", START, 7.0)
          .add("JFK", START.plusSeconds(1), 8.0)
          .add("LGA", START, 9.0)
          .build();

  @TempDir private Path directory;
  private final MutableClock clock = new MutableClock(START.plusSeconds(60));
  private final InMemoryOnlineStore inner = new InMemoryOnlineStore();
  private final Online online = new Online(inner);
  private Workspace workspace;
  private FeatureStore store;

  /** Fails when it is told to erase, or waits before it adds. */
  private static final class Online extends ForwardingOnlineStore {

    private final CountDownLatch adding = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final AtomicInteger erasuresUntilFailure = new AtomicInteger(Integer.MAX_VALUE);
    private volatile boolean waits;

    Online(OnlineStore store) {
      super(store);
    }

    @Override
    public int add(FeatureView view, Iterable<FeatureEvent> events) {
      waitBefore(events.iterator().next().key());
      return super.add(view, events);
    }

    @Override
    public void bringUp(
        FeatureView view, EntityKey key, Iterable<FeatureEvent> events, long horizon) {
      waitBefore(key);
      super.bringUp(view, key, events, horizon);
    }

    private void waitBefore(EntityKey key) {
      if (waits && key.equals(KEY)) {
        waits = false;
        adding.countDown();
        await(goOn);
      }
    }

    @Override
    public int erase(String view, Digest version, EntityKey key) {
      if (erasuresUntilFailure.getAndDecrement() == 0) {
        throw new IllegalStateException("the store is down");
      }
      return super.erase(view, version, key);
    }
  }

  @BeforeEach
  void open() {
    workspace = Workspace.at(directory).clock(clock).open();
    store = FeatureStore.builder(workspace).online(online).open();
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  @Test
  void ofAStoreThatIsDownNothingIsErasedNorRecorded() {
    store.ingest(VIEW, ROWS);
    online.erasuresUntilFailure.set(0);
    assertThatThrownBy(() -> store.erase(VIEW, KEY)).hasMessage("the store is down");
    assertThat(store.erasures(VIEW)).isEmpty();
    assertThat(store.views().get(0).events()).isEqualTo(3);
    online.erasuresUntilFailure.set(Integer.MAX_VALUE);
    assertThat(store.erase(VIEW, KEY)).isEqualTo(2);
    requireErased();
    assertThat(store.erasures(VIEW))
        .containsExactly(new Erasure(clock.instant(), 2, Digest.of(KEY.toBytes())));
  }

  @Test
  void anErasureThatFailsOnItsWayIsNotRecordedUntilItIsDone() {
    store.ingest(VIEW, ROWS);
    online.erasuresUntilFailure.set(1);
    assertThatThrownBy(() -> store.erase(VIEW, KEY)).hasMessage("the store is down");
    assertThat(store.erasures(VIEW)).isEmpty();
    online.erasuresUntilFailure.set(Integer.MAX_VALUE);
    store.erase(VIEW, KEY);
    requireErased();
    assertThat(store.erasures(VIEW)).hasSize(1);
  }

  /** What puts events of a key into the online store. */
  enum Way {
    INGEST,
    PUSH
  }

  @ParameterizedTest
  @EnumSource
  void whatIsOnItsWayIntoTheOnlineStoreDoesNotOutliveTheErasure(Way way) throws Exception {
    store.ingest(VIEW, Dataset.builder(ROWS.schema()).add("LGA", START, 1.0).build());
    store.get(VIEW, KEY, clock.instant()); // nothing is left to be read at first use
    online.waits = true;
    FutureTask<?> coming = start(way == Way.INGEST ? () -> store.ingest(VIEW, ROWS) : this::push);
    await(online.adding);
    int erased = store.erase(VIEW, KEY);
    online.goOn.countDown();
    coming.get();
    assertThat(erased).isEqualTo(way == Way.INGEST ? 2 : 1);
    requireErased();
  }

  @Test
  void whatTheFirstUsePutsIntoTheOnlineStoreDoesNotOutliveTheErasure() throws Exception {
    try (FeatureStore other = FeatureStore.builder(workspace).open()) {
      other.ingest(VIEW, ROWS);
    }
    online.waits = true;
    FutureTask<?> lookup = start(() -> store.get(VIEW, KEY, clock.instant()));
    await(online.adding);
    int erased = store.erase(VIEW, KEY);
    online.goOn.countDown();
    lookup.get();
    assertThat(erased).isEqualTo(2);
    requireErased();
  }

  @Test
  void allVersionsWithTheSameKeyAreErasedAndEachIsRecorded() {
    FeatureView before = withTtl(VIEW.name(), "origin");
    FeatureView ofAnotherKey = withTtl(VIEW.name(), "destination");
    FeatureView ofAnotherName = withTtl("forecast", "origin");
    for (FeatureView view : List.of(before, ofAnotherKey, ofAnotherName, VIEW)) {
      store.register(view);
      String column = view.keys().get(0).name();
      for (String airport : List.of("JFK", "LGA")) {
        store.push(view, Map.of(column, airport, "observed_at", START, "wind", 1.0));
      }
    }
    try (FeatureStore restarted = FeatureStore.builder(workspace).online(online).open()) {
      assertThat(restarted.erase(VIEW, KEY)).isEqualTo(2);
      for (FeatureView view : List.of(before, VIEW)) {
        assertThat(restarted.erasures(view))
            .containsExactly(new Erasure(clock.instant(), 1, Digest.of(KEY.toBytes())));
        assertThat(keysOnline(view)).containsExactly(EntityKey.of(view, "LGA"));
        assertThat(restarted.get(view, KEY, clock.instant()).status("wind"))
            .isEqualTo(FeatureValues.Status.MISSING);
      }
      for (FeatureView view : List.of(ofAnotherKey, ofAnotherName)) {
        assertThat(restarted.erasures(view)).isEmpty();
        assertThat(keysOnline(view)).hasSize(2);
        assertThat(restarted.get(view, KEY, clock.instant()).value("wind")).isEqualTo(1.0);
      }
    }
  }

  private static FeatureView withTtl(String name, String key) {
    return FeatureView.named(name)
        .key(key, STRING)
        .eventTime("observed_at")
        .feature("wind", FLOAT64)
        .ttl(Duration.ofHours(1))
        .build();
  }

  private List<EntityKey> keysOnline(FeatureView view) {
    List<EntityKey> keys = new ArrayList<>();
    inner.visitKeys(view, keys::add);
    return keys;
  }

  @Test
  void noByteOfAnErasedKeyIsLeftInTheWorkspace() throws IOException {
    String secret = "4711-0815-secret";
    String values = "a text that tells who it was";
    FeatureView letters =
        FeatureView.named("letters")
            .key("whom", STRING)
            .eventTime("sent_at")
            .feature("text", STRING)
            .build();
    try (FeatureStore sqlite = FeatureStore.in(workspace)) {
      for (int i = 0; i < 500; i++) {
        String whom = i % 5 == 0 ? secret : "somebody" + i;
        String text = i % 5 == 0 ? values : "of somebody else";
        sqlite.push(letters, Map.of("whom", whom, "sent_at", START.plusSeconds(i), "text", text));
      }
      assertThat(bytes()).contains(secret).contains(values);
      assertThat(sqlite.erase(letters, EntityKey.of(letters, secret))).isEqualTo(100);
      assertThat(bytes()).doesNotContain(secret).doesNotContain(values).contains("somebody499");
    }
  }

  /** All files of the workspace, each byte as a character. */
  private String bytes() throws IOException {
    StringBuilder all = new StringBuilder();
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return all.toString();
  }

  @Test
  void whatIsPushedAfterTheErasureIsThere() {
    store.ingest(VIEW, ROWS);
    store.erase(VIEW, KEY);
    push();
    assertThat(store.get(VIEW, KEY, clock.instant()).value("wind")).isEqualTo(5.0);
    assertThat(onlineEvents()).hasSize(1);
  }

  private boolean push() {
    return store.push(VIEW, Map.of("origin", "JFK", "observed_at", START, "wind", 5.0));
  }

  private void requireErased() {
    assertThat(onlineEvents()).isEmpty();
    inner.visitKeys(VIEW, key -> assertThat(key).isNotEqualTo(KEY));
    assertThat(store.get(VIEW, KEY, clock.instant()).status("wind"))
        .isEqualTo(FeatureValues.Status.MISSING);
    try (FeatureStore fromHistory = FeatureStore.in(workspace)) {
      assertThat(fromHistory.get(VIEW, KEY, clock.instant()).status("wind"))
          .isEqualTo(FeatureValues.Status.MISSING);
    }
  }

  private List<FeatureEvent> onlineEvents() {
    List<FeatureEvent> events = new ArrayList<>();
    inner.scan(VIEW, KEY, Long.MAX_VALUE, events::add);
    return events;
  }

  private static FutureTask<?> start(Callable<?> work) {
    FutureTask<?> task = new FutureTask<>(work);
    new Thread(task, "adding").start();
    return task;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }
}
