package dev.mlops4j.feature;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.data.ColumnType.TIMESTAMP;
import static dev.mlops4j.feature.Aggregation.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Schema;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an online store in front of the history is given, and what it loses. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OnlineCopyTest {

  private static final Instant NOON = Instant.parse("2013-03-01T12:00:00Z");
  private static final FeatureView PAYMENTS = view("payments");
  private static final Schema ROWS =
      Schema.builder()
          .required("card", STRING)
          .required("paid_at", TIMESTAMP)
          .required("amount", FLOAT64)
          .build();

  @TempDir private Path directory;
  private final MutableClock clock = new MutableClock(NOON);
  private final Online online = new Online();
  private Workspace workspace;
  private FeatureStore plain;
  private FeatureStore store;

  /** Can lose all its data, and tells what it is given. */
  private static final class Online extends ForwardingOnlineStore {

    private final List<EntityKey> broughtUp = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();
    private Consumer<EntityKey> before = key -> {};

    Online() {
      super(new InMemoryOnlineStore());
    }

    void loseAll() {
      store = new InMemoryOnlineStore();
    }

    List<EntityKey> keys(FeatureView view) {
      List<EntityKey> keys = new ArrayList<>();
      visitKeys(view, keys::add);
      return keys;
    }

    private List<FeatureEvent> counted(Iterable<FeatureEvent> events) {
      List<FeatureEvent> counted = new ArrayList<>();
      events.forEach(counted::add);
      sizes.add(counted.size());
      return counted;
    }

    @Override
    public int add(FeatureView view, Iterable<FeatureEvent> events) {
      return super.add(view, counted(events));
    }

    @Override
    public void bringUp(
        FeatureView view, EntityKey key, Iterable<FeatureEvent> events, long horizon) {
      before.accept(key);
      broughtUp.add(key);
      super.bringUp(view, key, counted(events), horizon);
    }

    @Override
    public void close() {}
  }

  @BeforeEach
  void open() {
    workspace = Workspace.at(directory).clock(clock).open();
    plain = FeatureStore.in(workspace);
    store = FeatureStore.builder(workspace).online(online).lookBack(Duration.ofHours(2)).open();
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  @Test
  void whatTheOnlineStoreHasLostIsAskedOfTheHistoryAndBroughtUpAgain() {
    push("a", NOON.minusSeconds(600), 7.0);
    push("a", NOON.minusSeconds(60), 8.0);
    requireSame("a");
    online.loseAll();
    online.broughtUp.clear();
    requireSame("a");
    assertThat(store.get(PAYMENTS, key("a"), NOON).value("amount")).isEqualTo(8.0);
    assertThat(online.broughtUp).as("once").containsExactly(key("a"));
    assertThat(online.keys(PAYMENTS)).containsExactly(key("a"));
  }

  @Test
  void aPushAfterALossBringsBackWhatCameBeforeIt() {
    push("a", NOON.minusSeconds(600), 7.0);
    online.loseAll();
    push("a", NOON.minusSeconds(900), 6.0);
    FeatureValues values = store.get(PAYMENTS, key("a"), NOON);
    assertThat(values.value("paid_1h")).isEqualTo(2L);
    assertThat(values.value("amount")).isEqualTo(7.0);
  }

  @Test
  void aKeyOfWhichNothingIsNeededLeavesNothing() {
    push("a", NOON, 7.0);
    assertThat(store.get(PAYMENTS, key("unknown"), NOON).value("paid_1h")).isEqualTo(0L);
    assertThat(online.keys(PAYMENTS)).containsExactly(key("a"));
  }

  @Test
  void theFirstUseAddsOnlyWhatLookupsNeed() {
    DatasetBuilder rows = Dataset.builder(ROWS);
    for (int i = 0; i < 1_000; i++) {
      rows.add("a", NOON.minus(Duration.ofMinutes(10L * i)), (double) i);
    }
    plain.ingest(PAYMENTS, rows.build());
    requireSame("a");
    // The look-back of two hours and the window of one, in which the latest of the horizon lies.
    assertThat(online.sizes).containsExactly(18);
  }

  @Test
  void muchOfOneKeyIsAddedInParts() {
    DatasetBuilder rows = Dataset.builder(ROWS);
    int events = 2 * OnlineCopy.MOST_EVENTS_OF_A_CALL + 1;
    for (int i = 0; i < events; i++) {
      rows.add("a", NOON.minusMillis(i), 1.0);
    }
    plain.ingest(PAYMENTS, rows.build());
    assertThat(store.get(PAYMENTS, key("a"), NOON).value("paid_1h")).isEqualTo((long) events);
    assertThat(online.sizes)
        .containsExactly(OnlineCopy.MOST_EVENTS_OF_A_CALL, OnlineCopy.MOST_EVENTS_OF_A_CALL, 1);
  }

  @Test
  void theFirstUseGoesOnWhereItFailed() {
    DatasetBuilder rows = Dataset.builder(ROWS);
    for (String card : List.of("a", "b", "c", "d")) {
      rows.add(card, NOON, 1.0);
    }
    plain.ingest(PAYMENTS, rows.build());
    online.before = failing(key("c"));
    assertThatThrownBy(() -> store.get(PAYMENTS, key("a"), NOON)).hasMessage("no answer in time");
    assertThat(online.broughtUp).containsExactly(key("a"), key("b"));
    online.before = key -> {};
    requireSame("a");
    assertThat(online.broughtUp).containsExactly(key("a"), key("b"), key("c"), key("d"));
  }

  @Test
  void theFirstUseOfOneViewDoesNotHoldUpAnother() throws Exception {
    FeatureView other = view("others");
    for (FeatureView view : List.of(PAYMENTS, other)) {
      plain.ingest(view, Dataset.builder(ROWS).add(view.name(), NOON, 1.0).build());
    }
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    online.before =
        key -> {
          if (key.equals(key("payments"))) {
            begun.countDown();
            await(goOn);
          }
        };
    FutureTask<FeatureValues> first =
        new FutureTask<>(() -> store.get(PAYMENTS, key("payments"), NOON));
    new Thread(first, "first use").start();
    begun.await();
    assertThat(store.get(other, EntityKey.of(other, "others"), NOON).value("paid_1h"))
        .isEqualTo(1L);
    goOn.countDown();
    assertThat(first.get().value("paid_1h")).isEqualTo(1L);
  }

  @Test
  void keysThatFellSilentAreTrimmedToWhatLookupsNeed() {
    FeatureView sessions =
        FeatureView.named("sessions")
            .key("card", STRING)
            .eventTime("paid_at")
            .column("amount", FLOAT64)
            .feature("paid_1h", count().over(Duration.ofHours(1)))
            .build();
    for (int i = 0; i < 20; i++) {
      Instant time = NOON.minusSeconds(60L * i);
      push("a", time, i);
      Map<String, Object> row = Map.of("card", "a", "paid_at", time, "amount", 1.0);
      store.push(sessions, row);
    }
    assertThat(onlineEvents(sessions)).isEqualTo(20);
    clock.set(NOON.plus(Duration.ofHours(4)));
    assertThat(store.removeBeyondRetention(PAYMENTS)).as("removed from the history").isZero();
    assertThat(store.removeBeyondRetention(sessions)).isZero();
    assertThat(onlineEvents(PAYMENTS)).as("the latest alone").isEqualTo(1);
    assertThat(online.keys(sessions)).as("nothing").isEmpty();
    requireSame("a");
    for (int minutes : new int[] {0, 100, 119, 121, 200, 240, 250}) {
      Instant at = clock.instant().minus(Duration.ofMinutes(minutes));
      assertThat(store.get(sessions, EntityKey.of(sessions, "a"), at).value("paid_1h"))
          .isEqualTo(plain.get(sessions, EntityKey.of(sessions, "a"), at).value("paid_1h"));
    }
    assertThat(online.keys(sessions)).as("nor do lookups bring it back").isEmpty();
  }

  @Test
  void whatIsBeyondTheRetentionGoesOnlineAsWell() {
    FeatureView kept =
        FeatureView.named("kept")
            .key("card", STRING)
            .eventTime("paid_at")
            .feature("amount", FLOAT64)
            .retention(Duration.ofHours(3))
            .build();
    store.push(kept, Map.of("card", "a", "paid_at", NOON, "amount", 7.0));
    clock.set(NOON.plus(Duration.ofHours(6)));
    assertThat(store.removeBeyondRetention(kept)).isEqualTo(1);
    assertThat(online.keys(kept)).isEmpty();
  }

  /** A question about a card. */
  record Question(String card, Instant at) {}

  @Test
  void whatIsBeyondTheRetentionNowIsMissingAtEveryMomentWhetherItIsRemovedOrNot() {
    FeatureView kept =
        FeatureView.named("kept")
            .key("card", STRING)
            .eventTime("paid_at")
            .feature("amount", FLOAT64)
            .retention(Duration.ofDays(400))
            .build();
    plain.ingest(
        kept,
        Dataset.builder(ROWS)
            .add("a", NOON.minus(Duration.ofDays(510)), 1.0)
            .add("a", NOON.minus(Duration.ofDays(400)), 2.0)
            .add("a", NOON.minus(Duration.ofDays(300)), 3.0)
            .build());
    requireAmounts(kept, Double.NaN, 2.0, 3.0);
    assertThat(store.removeBeyondRetention(kept)).isEqualTo(1);
    requireAmounts(kept, Double.NaN, 2.0, 3.0);
    clock.set(NOON.plusNanos(1_000));
    requireAmounts(kept, Double.NaN, Double.NaN, 3.0);
    assertThat(store.removeBeyondRetention(kept)).isEqualTo(1);
    requireAmounts(kept, Double.NaN, Double.NaN, 3.0);
  }

  /** Asked about 500, 390 and 290 days ago, online and offline. */
  private void requireAmounts(FeatureView view, double... expected) {
    List<Question> questions = new ArrayList<>();
    for (int days : new int[] {500, 390, 290}) {
      questions.add(new Question("a", NOON.minus(Duration.ofDays(days))));
    }
    FeatureSet<Question> set =
        FeatureSet.named("amounts", Question.class)
            .at(Question::at)
            .lookup(view, Question::card)
            .build();
    Target<Question, Boolean> label = Target.binary("label", question -> true);
    for (FeatureStore asked : List.of(plain, store)) {
      double[] served =
          questions.stream()
              .mapToDouble(one -> asked.get(view, key("a"), one.at()).number("amount"))
              .toArray();
      assertThat(served).containsExactly(expected);
      assertThat(asked.trainingSet(set, questions, label).vectors()).containsExactly(expected);
    }
  }

  private long onlineEvents(FeatureView view) {
    long[] events = {0};
    online.scan(view, EntityKey.of(view, "a"), Long.MAX_VALUE, event -> ++events[0] > 0);
    return events[0];
  }

  private static Consumer<EntityKey> failing(EntityKey at) {
    return key -> {
      if (key.equals(at)) {
        throw new IllegalStateException("no answer in time");
      }
    };
  }

  private void push(String card, Instant paid, double amount) {
    store.push(PAYMENTS, Map.of("card", card, "paid_at", paid, "amount", amount));
  }

  /** Asked at many moments, within the look-back and before it. */
  private void requireSame(String card) {
    for (int minutes = 0; minutes < 240; minutes += 7) {
      Instant at = clock.instant().minus(Duration.ofMinutes(minutes));
      FeatureValues found = store.get(PAYMENTS, key(card), at);
      FeatureValues expected = plain.get(PAYMENTS, key(card), at);
      for (FeatureView.Feature feature : PAYMENTS.features()) {
        String name = feature.name();
        assertThat(found.value(name)).as("%s at %s", name, at).isEqualTo(expected.value(name));
        assertThat(found.status(name)).isEqualTo(expected.status(name));
        assertThat(found.eventTime(name)).isEqualTo(expected.eventTime(name));
      }
    }
  }

  private static EntityKey key(String card) {
    return EntityKey.of(PAYMENTS, card);
  }

  private static FeatureView view(String name) {
    return FeatureView.named(name)
        .key("card", STRING)
        .eventTime("paid_at")
        .feature("amount", FLOAT64)
        .feature("paid_1h", count().over(Duration.ofHours(1)))
        .build();
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
