package dev.mlops4j.feature;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.feature.Aggregation.count;
import static dev.mlops4j.feature.FeatureValues.Status.MISSING;
import static dev.mlops4j.feature.FeatureValues.Status.PRESENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.MlopsException;
import dev.mlops4j.storage.StorageException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class GuardedLookupTest {

  private static final Instant NOW = Instant.parse("2013-03-01T00:00:00Z");
  private static final Duration SHORT = Duration.ofMillis(1);
  private static final Duration LONG = Duration.ofHours(1);
  private static final FeatureView VIEW =
      FeatureView.named("weather")
          .key("origin", STRING)
          .eventTime("observed_at")
          .feature("wind", FLOAT64)
          .defaultValue("wind", 4.5)
          .feature("readings", count().over(Duration.ofHours(1)))
          .build();
  private static final EntityKey KEY = EntityKey.of(VIEW, "secret-airport");

  private final FeatureStore features = store();
  private final CountDownLatch released = new CountDownLatch(1);
  private final AtomicBoolean slow = new AtomicBoolean(true);
  private final AtomicInteger begun = new AtomicInteger();

  private static FeatureStore store() {
    FeatureStore features = FeatureStore.inMemory(InstantSource.fixed(NOW));
    features.push(VIEW, Map.of("origin", "secret-airport", "observed_at", NOW, "wind", 7.0));
    return features;
  }

  /** Is stuck until it is released, whatever interrupts it, as a driver without timeouts is. */
  private FeatureValues stuck(FeatureView view, EntityKey key, Instant at) {
    begun.incrementAndGet();
    while (slow.get()) {
      try {
        released.await();
        break;
      } catch (InterruptedException e) {
        // goes on waiting
      }
    }
    return features.get(view, key, at);
  }

  /** Waits until it is interrupted, as a driver does that takes notice. */
  private FeatureValues patient(FeatureView view, EntityKey key, Instant at) {
    begun.incrementAndGet();
    if (slow.get()) {
      try {
        released.await();
      } catch (InterruptedException e) {
        throw new StorageException("interrupted", e);
      }
    }
    return features.get(view, key, at);
  }

  @Test
  void anAnswerInTimeIsTheLookups() {
    try (GuardedLookup guarded = GuardedLookup.of(features).timeout(LONG).orDefaults().build()) {
      FeatureValues values = guarded.get(VIEW, KEY, NOW);

      assertThat(values.value("wind")).isEqualTo(7.0);
      assertThat(values.value("readings")).isEqualTo(1L);
      assertThat(values.status("wind")).isEqualTo(PRESENT);
      assertThat(guarded.timeouts() + guarded.failures() + guarded.refusals()).isZero();
    }
  }

  @Test
  void aLookupThatTakesTooLongGivesTheDefaults() {
    try (GuardedLookup guarded =
        GuardedLookup.of(this::stuck).timeout(SHORT).orDefaults().build()) {
      FeatureValues values = guarded.get(VIEW, KEY, NOW);

      assertThat(values.value("wind")).isEqualTo(4.5);
      assertThat(values.value("readings")).isEqualTo(0L);
      assertThat(values.status("wind")).isEqualTo(MISSING);
      assertThat(values.status("readings")).isEqualTo(MISSING);
      assertThat(values.eventTime()).isEmpty();
      assertThat(guarded.timeouts()).isEqualTo(1);
      released.countDown();
    }
  }

  @Test
  void orItThrowsWithTheViewAndTheTimeoutButNotTheKey() {
    try (GuardedLookup guarded = GuardedLookup.of(this::stuck).timeout(SHORT).orThrow().build()) {
      assertThatExceptionOfType(LookupTimeoutException.class)
          .isThrownBy(() -> guarded.get(VIEW, KEY, NOW))
          .withMessageContainingAll("weather", "PT0.001S")
          .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"))
          .satisfies(e -> assertThat(e.view()).isEqualTo("weather"))
          .satisfies(e -> assertThat(e.timeout()).isEqualTo(SHORT));
      assertThat(guarded.timeouts()).isEqualTo(1);
      released.countDown();
    }
  }

  @Test
  void aLookupThatRanOutOfTimeIsInterruptedOnceTheViewWasAnswered() throws InterruptedException {
    CountDownLatch interrupted = new CountDownLatch(1);
    FeatureLookup lookup =
        (view, key, at) -> {
          try {
            return patient(view, key, at);
          } catch (StorageException e) {
            interrupted.countDown();
            throw e;
          }
        };
    try (GuardedLookup guarded = GuardedLookup.of(lookup).timeout(SHORT).orDefaults().build()) {
      slow.set(false);
      untilAnswered(guarded);
      slow.set(true);

      int before = begun.get();
      while (begun.get() == before) { // one that ran out of time in the queue never began
        assertThat(guarded.get(VIEW, KEY, NOW).status("wind")).isEqualTo(MISSING);
      }
      interrupted.await();
      slow.set(false);
      untilAnswered(guarded);
    }
  }

  @Test
  void theFirstLookupOfAViewGoesOnAsItMayBringTheOnlineStoreUp() throws InterruptedException {
    CountDownLatch begins = new CountDownLatch(1);
    CountDownLatch ended = new CountDownLatch(1);
    AtomicBoolean interrupted = new AtomicBoolean();
    FeatureLookup lookup =
        (view, key, at) -> {
          begins.countDown();
          try {
            return patient(view, key, at);
          } catch (StorageException e) {
            interrupted.set(true);
            throw e;
          } finally {
            ended.countDown();
          }
        };
    try (GuardedLookup guarded = GuardedLookup.of(lookup).timeout(SHORT).orDefaults().build()) {
      while (begins.getCount() > 0) {
        guarded.get(VIEW, KEY, NOW);
      }
      released.countDown();
      ended.await();
      assertThat(interrupted).isFalse();
    }
  }

  @Test
  void whileAllThreadsAreStuckALookupIsNotEvenTried() {
    try (GuardedLookup guarded =
        GuardedLookup.of(this::stuck).timeout(SHORT).orDefaults().threads(2).build()) {
      while (guarded.refusals() == 0) {
        assertThat(guarded.get(VIEW, KEY, NOW).status("wind")).isEqualTo(MISSING);
      }

      assertThat(begun).hasValue(2);
      long timeouts = guarded.timeouts();
      assertThat(guarded.get(VIEW, KEY, NOW).value("wind")).isEqualTo(4.5);
      assertThat(guarded.refusals()).isEqualTo(2);
      assertThat(guarded.timeouts()).isEqualTo(timeouts);
      assertThat(begun).hasValue(2);

      released.countDown();
      untilAnswered(guarded);
      assertThat(begun).hasValueGreaterThan(2);
    }
  }

  @Test
  void whileTheQueueIsFullALookupIsNotTriedAndThoseInItEndWithTheGuard() throws Exception {
    GuardedLookup guarded =
        GuardedLookup.of(this::patient).timeout(LONG).orThrow().threads(1).queue(1).build();
    FutureTask<FeatureValues> running = new FutureTask<>(() -> guarded.get(VIEW, KEY, NOW));
    FutureTask<FeatureValues> queued = new FutureTask<>(() -> guarded.get(VIEW, KEY, NOW));
    new Thread(running).start();
    while (begun.get() == 0) {
      Thread.onSpinWait();
    }
    Thread waiting = new Thread(queued);
    waiting.start();
    while (waiting.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }

    assertThatExceptionOfType(LookupTimeoutException.class)
        .isThrownBy(() -> guarded.get(VIEW, KEY, NOW))
        .withMessageContaining("queue is full");
    assertThat(guarded.refusals()).isEqualTo(1);
    assertThat(begun).hasValue(1);

    guarded.close();
    assertThatThrownBy(queued::get).cause().isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(running::get).cause().isInstanceOf(StorageException.class);
  }

  @Test
  void aStorageErrorGivesTheDefaultsOrIsThrownAsItIs() {
    StorageException down = new StorageException("the database is down", null);
    FeatureLookup lookup =
        (view, key, at) -> {
          throw down;
        };
    try (GuardedLookup defaults = GuardedLookup.of(lookup).timeout(LONG).orDefaults().build();
        GuardedLookup throwing = GuardedLookup.of(lookup).timeout(LONG).build()) {
      assertThat(defaults.get(VIEW, KEY, NOW).value("wind")).isEqualTo(4.5);
      assertThat(defaults.get(VIEW, KEY, NOW).status("wind")).isEqualTo(MISSING);
      assertThat(defaults.failures()).isEqualTo(2);
      assertThat(defaults.timeouts()).isZero();
      assertThatThrownBy(() -> throwing.get(VIEW, KEY, NOW)).isSameAs(down);
      assertThat(throwing.failures()).isEqualTo(1);
    }
  }

  static Stream<RuntimeException> errorsOfTheQuestion() {
    return Stream.of(
        new FeatureDefinitionException("wrong"),
        new NoSuchFeatureViewException("weather"),
        new FeatureDataException("weather", "a key does not fit"),
        new TooManyEventsException("weather", 3),
        new IllegalStateException("the feature store is closed"));
  }

  @ParameterizedTest
  @MethodSource("errorsOfTheQuestion")
  void anErrorOfTheQuestionIsNeverHidden(RuntimeException error) {
    FeatureLookup lookup =
        (view, key, at) -> {
          throw error;
        };
    try (GuardedLookup guarded = GuardedLookup.of(lookup).timeout(LONG).orDefaults().build()) {
      assertThatThrownBy(() -> guarded.get(VIEW, KEY, NOW)).isSameAs(error);
      assertThat(guarded.failures()).isZero();
    }
  }

  @Test
  void aChangedDefinitionIsNotHiddenEitherAndViewsAreRequiredOfTheLookup() {
    FeatureView changed =
        FeatureView.named("weather")
            .key("origin", STRING)
            .eventTime("observed_at")
            .feature("wind", FLOAT64)
            .build();
    FeatureView unknown =
        FeatureView.named("tides").key("port", STRING).eventTime("t").feature("m", FLOAT64).build();
    try (GuardedLookup guarded = GuardedLookup.of(features).timeout(LONG).orDefaults().build()) {
      EntityKey key = EntityKey.of(changed, "JFK");
      assertThatThrownBy(() -> guarded.get(changed, key, NOW))
          .isInstanceOf(FeatureDefinitionChangedException.class);
      assertThatThrownBy(() -> guarded.requireView(unknown))
          .isInstanceOf(NoSuchFeatureViewException.class);
      guarded.requireView(VIEW);
    }
  }

  @Test
  void whoIsInterruptedStaysSoAndWaitsNoLonger() {
    try (GuardedLookup defaults =
            GuardedLookup.of(this::patient).timeout(LONG).orDefaults().build();
        GuardedLookup throwing = GuardedLookup.of(this::patient).timeout(LONG).build()) {
      Thread.currentThread().interrupt();
      FeatureValues values = defaults.get(VIEW, KEY, NOW);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(values.status("wind")).isEqualTo(MISSING);
      assertThat(defaults.failures()).isEqualTo(1);
      assertThat(defaults.timeouts()).isZero();

      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> throwing.get(VIEW, KEY, NOW))
          .isInstanceOf(LookupTimeoutException.class)
          .isInstanceOf(MlopsException.class)
          .hasMessageContaining("interrupted")
          .hasCauseInstanceOf(InterruptedException.class);
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void itsThreadsAreNamedAndDaemonsAndEndWithIt() throws InterruptedException {
    AtomicReference<Thread> worker = new AtomicReference<>();
    FeatureLookup lookup =
        (view, key, at) -> {
          worker.set(Thread.currentThread());
          return features.get(view, key, at);
        };
    GuardedLookup guarded = GuardedLookup.of(lookup).timeout(LONG).build();
    guarded.get(VIEW, KEY, NOW);
    assertThat(worker.get().getName()).startsWith("mlops4j-lookup-");
    assertThat(worker.get().isDaemon()).isTrue();

    guarded.close();
    guarded.close();
    worker.get().join();
    assertThatThrownBy(() -> guarded.get(VIEW, KEY, NOW))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    assertThat(features.get(VIEW, KEY, NOW).status("wind")).isEqualTo(PRESENT);
  }

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    GuardedLookup.Builder builder = GuardedLookup.of(features);
    assertThatThrownBy(() -> builder.timeout(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.threads(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.queue(0)).isInstanceOf(IllegalArgumentException.class);
    builder.timeout(Duration.ofSeconds(Long.MAX_VALUE)).build().close();
  }

  /** Asks until a lookup was quick enough, which with a short timeout not every one is. */
  private static void untilAnswered(GuardedLookup guarded) {
    while (guarded.get(VIEW, KEY, NOW).status("wind") != PRESENT) {
      Thread.onSpinWait();
    }
  }
}
