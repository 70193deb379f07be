package dev.mlops4j.feature;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.feature.Aggregation.count;
import static dev.mlops4j.feature.Flights.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was served while an event was being pushed is what a training set has for that moment. */
class ConcurrentPushTest {

  private static final FeatureView VIEW =
      FeatureView.named("departures")
          .key("origin", STRING)
          .eventTime("departed_at")
          .column("delay", FLOAT64)
          .feature("departures_1h", count().over(Duration.ofHours(1)))
          .build();
  private static final FeatureSet<Question> SET =
      FeatureSet.named("set", Question.class)
          .at(Question::at)
          .lookup(VIEW.as("v"), Question::origin)
          .build();

  record Question(String origin, Instant at, boolean label) {}

  private final MutableClock clock = new MutableClock(at("12:00"));
  @TempDir private Path directory;
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
  void aPushThatWaitsForAnotherWriteIsKnownWhenItsTurnComes() throws InterruptedException {
    FeatureStore store = FeatureStore.in(workspace);
    store.register(VIEW);
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Thread writer =
        new Thread(
            () ->
                workspace
                    .database(Area.FEATURES)
                    .write(
                        tx -> {
                          begun.countDown();
                          await(release);
                          return 0;
                        }));
    writer.start();
    begun.await();
    Thread push = new Thread(() -> push(store));
    push.start();
    untilWaiting(push);
    clock.set(at("12:05"));
    double served = departures(store, "12:05");
    clock.set(at("12:06"));
    release.countDown();
    push.join();
    writer.join();
    assertThat(served).isZero();
    assertThat(trained(store, "12:05")).isEqualTo(served);
    assertThat(trained(store, "12:06")).isEqualTo(departures(store, "12:06")).isEqualTo(1);
  }

  @Test
  void aLookupWaitsForAPushThatIsKnownButNotYetSeenAndAnEarlierQuestionDoesNot()
      throws InterruptedException {
    CountDownLatch adding = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    OnlineStore slow =
        new ForwardingOnlineStore(new InMemoryOnlineStore()) {
          @Override
          public int add(FeatureView view, Iterable<FeatureEvent> events) {
            adding.countDown();
            await(release);
            return super.add(view, events);
          }
        };
    FeatureStore store = FeatureStore.builder(workspace).online(slow).open();
    store.register(VIEW);
    assertThat(departures(store, "12:00")).as("warms the store, which is empty").isZero();
    Thread push = new Thread(() -> push(store));
    push.start();
    adding.await();
    clock.set(at("12:01"));
    CompletableFuture<Double> served = new CompletableFuture<>();
    Thread lookup = new Thread(() -> served.complete(departures(store, "12:01")));
    lookup.start();
    untilWaiting(lookup);
    assertThat(departures(store, "11:59")).as("it is not known yet at 11:59").isZero();
    release.countDown();
    push.join();
    assertThat(served.join()).isEqualTo(trained(store, "12:01")).isEqualTo(1);
  }

  @Test
  void aLookupAskedWhileTheClockIsReadWaitsAsWell() throws InterruptedException {
    AtomicReference<Runnable> reading = new AtomicReference<>(() -> {});
    InstantSource stopping =
        () -> {
          Instant read = clock.instant();
          reading.getAndSet(() -> {}).run();
          return read;
        };
    try (Workspace stopped = Workspace.at(directory.resolve("other")).clock(stopping).open()) {
      FeatureStore store = FeatureStore.in(stopped);
      store.register(VIEW);
      CompletableFuture<Double> served = new CompletableFuture<>();
      Thread lookup = new Thread(() -> served.complete(departures(store, "12:01")));
      reading.set(
          () -> {
            clock.set(at("12:01"));
            lookup.start();
            untilWaiting(lookup);
          });
      push(store);
      assertThat(served.join()).isEqualTo(trained(store, "12:01")).isEqualTo(1);
      lookup.join();
    }
  }

  @Test
  void aPushThatFailsKeepsNoOneWaiting() {
    OnlineStore failing =
        new ForwardingOnlineStore(new InMemoryOnlineStore()) {
          @Override
          public int add(FeatureView view, Iterable<FeatureEvent> events) {
            throw new IllegalStateException("out of order");
          }
        };
    FeatureStore store = FeatureStore.builder(workspace).online(failing).open();
    store.register(VIEW);
    assertThat(departures(store, "12:00")).isZero();
    assertThatThrownBy(() -> push(store)).isInstanceOf(IllegalStateException.class);
    assertThat(departures(store, "12:00")).as("the history has the event").isEqualTo(1);
  }

  private static void push(FeatureStore store) {
    store.push(VIEW, Map.of("origin", "JFK", "departed_at", at("11:30"), "delay", 1.0));
  }

  private static double departures(FeatureStore store, String time) {
    return store.get(VIEW, EntityKey.of(VIEW, "JFK"), at(time)).number("departures_1h");
  }

  private static double trained(FeatureStore store, String time) {
    return store.trainingSet(
            SET,
            List.of(new Question("JFK", at(time), true)),
            Target.binary("label", Question::label))
        .vectors()[0];
  }

  /** Returns when a thread waits for another, or has ended without. */
  private static void untilWaiting(Thread thread) {
    while (thread.isAlive() && thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
