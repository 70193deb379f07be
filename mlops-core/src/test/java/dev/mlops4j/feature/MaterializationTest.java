package dev.mlops4j.feature;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.data.ColumnType.TIMESTAMP;
import static dev.mlops4j.feature.Aggregation.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.RowSource;
import dev.mlops4j.data.Schema;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaterializationTest {

  private static final Instant START = Instant.parse("2013-03-01T00:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);

  private static final FeatureView WEATHER =
      FeatureView.named("weather")
          .key("origin", STRING)
          .eventTime("observed_at")
          .feature("wind", FLOAT64)
          .build();

  @TempDir private Path directory;
  private final MutableClock clock = new MutableClock(START.plus(Duration.ofDays(30)));
  private final Table table = new Table();

  @Test
  void aRunTakesInWhatThereIsAndTheNextGoesOnFromThere() {
    try (Workspace workspace = workspace()) {
      FeatureStore features = store(workspace);
      for (int day = 0; day < 10; day++) {
        table.add("JFK", START.plus(DAY.multipliedBy(day)), day);
      }
      List<Materialized> progress = new ArrayList<>();
      Materialized first =
          features
              .materialize(WEATHER)
              .from(START)
              .to(START.plus(Duration.ofDays(5)))
              .onProgress(progress::add)
              .run();
      assertThat(first.added()).isEqualTo(5);
      assertThat(progress).hasSize(5);
      assertThat(progress.get(4)).isEqualTo(first);
      assertThat(windAt(features, 20)).isEqualTo(4.0);

      Materialized second = features.materialize(WEATHER).to(START.plus(DAY.multipliedBy(9))).run();
      assertThat(second.from()).isEqualTo(START.plus(Duration.ofDays(5)));
      assertThat(second.rows()).isEqualTo(4);
      assertThat(windAt(features, 20)).isEqualTo(8.0);
      assertThat(features.views().get(0).materialized()).isEqualTo(START.plus(Duration.ofDays(9)));
    }
  }

  @Test
  void doingItAgainChangesNothing() {
    try (Workspace workspace = workspace()) {
      FeatureStore features = store(workspace);
      table.add("JFK", START, 1);
      table.add("JFK", START, 2);
      table.add("JFK", START, 2);
      Instant end = START.plus(DAY);
      assertThat(features.materialize(WEATHER, START, end).added()).isEqualTo(2);
      table.reverse();
      assertThat(features.materialize(WEATHER, START, end).added()).isZero();
      assertThat(features.views().get(0).events()).isEqualTo(2);
    }
  }

  @Test
  void lateRowsWithinTheLatenessArePickedUp() {
    try (Workspace workspace = workspace()) {
      FeatureStore features = store(workspace);
      table.add("JFK", START, 1);
      features.materialize(WEATHER, START, START.plus(DAY.multipliedBy(3)));
      table.add("JFK", START.plus(DAY.multipliedBy(2)), 7);
      assertThat(features.materialize(WEATHER).run().added()).isZero();
      table.add("JFK", START.plus(DAY.multipliedBy(28)), 9);
      table.add("JFK", START.plus(DAY.multipliedBy(20)), 8);
      Materialized late = features.materialize(WEATHER).lateness(DAY.multipliedBy(5)).run();
      assertThat(late.added()).isEqualTo(1);
      assertThat(windAt(features, 29)).isEqualTo(9.0);
    }
  }

  @Test
  void aSourceThatFailsHalfWayLeavesWholeStepsAndTheNextRunGoesOn() {
    try (Workspace workspace = workspace()) {
      FeatureStore features = store(workspace);
      for (int hour = 0; hour < 96; hour++) {
        table.add("JFK", START.plus(Duration.ofHours(hour)), hour);
      }
      table.failAfter = 60;
      assertThatThrownBy(
              () -> features.materialize(WEATHER, START, START.plus(DAY.multipliedBy(4))))
          .hasMessage("the warehouse is gone");
      assertThat(features.views().get(0).events()).isEqualTo(48);
      assertThat(features.views().get(0).materialized()).isEqualTo(START.plus(DAY.multipliedBy(2)));
      table.failAfter = Integer.MAX_VALUE;
      Materialized resumed =
          features.materialize(WEATHER).to(START.plus(DAY.multipliedBy(4))).run();
      assertThat(resumed.added()).isEqualTo(48);
      assertThat(windAt(features, 20)).isEqualTo(95.0);
    }
  }

  @Test
  void offlineOnlineAndInPlaceAgreeAlsoInTies() {
    table.add("JFK", START, 1);
    table.add("JFK", START, 2);
    table.add("JFK", START, 3);
    table.add("JFK", START, 3);
    table.add("LGA", START.plus(DAY), 4);
    try (Workspace workspace = workspace()) {
      FeatureStore features = store(workspace);
      features.materialize(WEATHER, START, START.plus(DAY.multipliedBy(2)));
      table.reverse();
      FeatureStore there = FeatureStore.builder(workspace).inPlace(WEATHER, table).open();
      FeatureSet<Question> set =
          FeatureSet.named("set", Question.class)
              .at(Question::at)
              .lookup(WEATHER, Question::origin)
              .build();
      List<Question> questions =
          List.of(
              new Question("JFK", START.plusSeconds(1), true),
              new Question("LGA", START, false),
              new Question("LGA", START.plus(DAY), false));
      Target<Question, Boolean> label = Target.binary("label", Question::label);
      TrainingSet materialized = features.trainingSet(set, questions, label);
      assertThat(there.trainingSet(set, questions, label).digest())
          .isEqualTo(materialized.digest());
      assertThat(materialized.dataset().column("weather.wind").get(0))
          .isEqualTo(
              features
                  .get(WEATHER, EntityKey.of(WEATHER, "JFK"), START.plusSeconds(1))
                  .value("wind"));
      assertThat(materialized.dataset().column("weather.wind").get(1)).isNull();
      assertThat(materialized.dataset().column("weather.wind").get(2)).isEqualTo(4.0);
    }
  }

  /** A sender that repeats an event says that it is the same; when it was known differs. */
  @Test
  void anEventThatASourceRepeatsCountsOnceInPlaceAsWhereItIsTakenIn() {
    FeatureView view =
        FeatureView.named("departures")
            .key("origin", STRING)
            .eventTime("departed_at")
            .knownTime("reported_at")
            .eventId("id")
            .feature("departures", count().over(DAY))
            .build();
    Schema schema =
        Schema.builder()
            .required("origin", STRING)
            .required("departed_at", TIMESTAMP)
            .required("reported_at", TIMESTAMP)
            .required("id", STRING)
            .build();
    Dataset rows =
        Dataset.builder(schema)
            .add("JFK", START, START.plusSeconds(1), "a")
            .add("JFK", START, START.plusSeconds(2), "b")
            .add("JFK", START, START.plusSeconds(9), "a")
            .build();
    RowSource source = (from, to, batches) -> batches.accept(rows);
    FeatureSet<Question> set =
        FeatureSet.named("set", Question.class)
            .at(Question::at)
            .lookup(view, Question::origin)
            .build();
    List<Question> questions = List.of(new Question("JFK", START.plusSeconds(60), true));
    Target<Question, Boolean> label = Target.binary("label", Question::label);
    try (Workspace workspace = workspace()) {
      FeatureStore taken = FeatureStore.builder(workspace).source(view, source).open();
      assertThat(taken.materialize(view, START, START.plus(DAY)).added()).isEqualTo(2);
      FeatureStore there = FeatureStore.builder(workspace).inPlace(view, source).open();
      for (FeatureStore store : List.of(taken, there)) {
        assertThat(store.trainingSet(set, questions, label).vectors()).containsExactly(2);
      }
    }
  }

  @Test
  void aTableThatIsReadInPlaceCannotBeServedAndAServiceLearnsOfItAtItsStart() {
    try (Workspace workspace = workspace()) {
      FeatureStore there = FeatureStore.builder(workspace).inPlace(WEATHER, table).open();
      assertRefusedInPlace(() -> there.requireView(WEATHER));
      assertRefusedInPlace(() -> there.profile(WEATHER));
    }
  }

  @Test
  void aTableThatIsReadInPlaceIsNotServedFromWhatSomebodyElseTookIn() {
    table.add("JFK", START, 1);
    try (Workspace workspace = workspace()) {
      store(workspace).materialize(WEATHER, START, START.plus(DAY));
      FeatureStore there = FeatureStore.builder(workspace).inPlace(WEATHER, table).open();
      EntityKey jfk = EntityKey.of(WEATHER, "JFK");
      Map<String, Object> row = Map.of("origin", "JFK", "observed_at", START, "wind", 2.0);
      Dataset rows = Dataset.builder(Table.SCHEMA).add("JFK", START, 3.0).build();

      assertRefusedInPlace(() -> there.register(WEATHER));
      assertRefusedInPlace(() -> there.push(WEATHER, row));
      assertRefusedInPlace(() -> there.ingest(WEATHER, rows));
      assertRefusedInPlace(() -> there.materialize(WEATHER));
      assertRefusedInPlace(() -> there.get(WEATHER, jfk, START));
      assertRefusedInPlace(() -> there.getAll(WEATHER, List.of(jfk), START));
      assertRefusedInPlace(() -> there.requireView(WEATHER));
      assertThat(there.views().get(0).events()).isEqualTo(1);
    }
  }

  private static void assertRefusedInPlace(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(FeatureDefinitionException.class)
        .hasMessageContaining("view \"weather\" is read in place here")
        .hasMessageContaining("source(view, ...)");
  }

  @Test
  void whereAViewsRowsAreIsStatedOnce() {
    try (Workspace workspace = workspace()) {
      FeatureStore.Builder sources = FeatureStore.builder(workspace).source(WEATHER, table);
      assertThatThrownBy(() -> sources.source(WEATHER, new Table()))
          .isInstanceOf(FeatureDefinitionException.class)
          .hasMessage("view \"weather\": source(...) is stated twice");
      assertThatThrownBy(() -> sources.inPlace(WEATHER, table))
          .isInstanceOf(FeatureDefinitionException.class)
          .hasMessage("view \"weather\": source(...) and inPlace(...) exclude each other");
      FeatureStore.Builder places = FeatureStore.builder(workspace).inPlace(WEATHER, table);
      assertThatThrownBy(() -> places.inPlace(WEATHER, new Table()))
          .isInstanceOf(FeatureDefinitionException.class)
          .hasMessage("view \"weather\": inPlace(...) is stated twice");
    }
  }

  @Test
  void rowsThatComeAfterARunUntilTheEndOfItsDayAreTakenInByTheNext() {
    try (Workspace workspace = workspace()) {
      FeatureStore features = store(workspace);
      Instant ten = START.plus(Duration.ofHours(10));
      clock.set(ten);
      table.add("JFK", START, 1);
      table.add("JFK", START.plus(Duration.ofHours(23)), 3); // a forecast
      Materialized first = features.materialize(WEATHER, START, START.plus(DAY));
      assertThat(first.added()).isEqualTo(2);
      assertThat(features.views().get(0).materialized()).isEqualTo(ten);

      table.add("JFK", START.plus(Duration.ofHours(12)), 2);
      clock.set(START.plus(DAY));
      assertThat(features.materialize(WEATHER).run().added()).isEqualTo(1);
      assertThat(features.views().get(0).materialized()).isEqualTo(START.plus(DAY));
    }
  }

  @Test
  void aMistypedYearLosesNothing() {
    try (Workspace workspace = workspace()) {
      FeatureStore features = store(workspace);
      Instant begin = clock.instant().minus(DAY);
      features
          .materialize(WEATHER)
          .from(begin)
          .to(Instant.parse("2062-01-01T00:00:00Z"))
          .step(DAY.multipliedBy(10_000))
          .run();
      table.add("JFK", clock.instant().plus(DAY), 1);
      clock.set(clock.instant().plus(DAY.multipliedBy(2)));
      assertThat(features.materialize(WEATHER).run().added()).isEqualTo(1);
    }
  }

  @Test
  void aWatermarkLaterThanNowIsAnErrorUntilARunSaysWhereToBegin() {
    try (Workspace workspace = workspace()) {
      FeatureStore features = store(workspace);
      features.materialize(WEATHER).from(START).run();
      Instant reached = clock.instant();
      Instant now = START.plus(DAY.multipliedBy(3));
      clock.set(now); // set back: the clock before was wrong
      table.add("JFK", START.plus(DAY.multipliedBy(2)), 1);
      assertThatThrownBy(() -> features.materialize(WEATHER).lateness(DAY).run())
          .isInstanceOf(FeatureDataException.class)
          .hasMessageContaining("up to " + reached + ", which is later than now")
          .hasMessageContaining("from(...)");
      assertThat(features.materialize(WEATHER).from(START).run().added()).isEqualTo(1);
      assertThat(features.views().get(0).materialized()).isEqualTo(now);
      clock.set(now.plus(DAY));
      assertThat(features.materialize(WEATHER).run().from()).isEqualTo(now);
    }
  }

  @Test
  void anEndBeforeTheBeginningIsAnError() {
    try (Workspace workspace = workspace()) {
      FeatureStore features = store(workspace);
      assertThatThrownBy(() -> features.materialize(WEATHER, START, START.minusNanos(1_000)))
          .isInstanceOf(FeatureDataException.class)
          .hasMessageContaining("from " + START + " to " + START.minusNanos(1_000));
      features.materialize(WEATHER, START, START.plus(DAY));
      assertThatThrownBy(() -> features.materialize(WEATHER).to(START).run())
          .isInstanceOf(FeatureDataException.class)
          .hasMessageContaining("from " + START.plus(DAY) + " (the watermark, less the lateness)");
      assertThat(features.materialize(WEATHER).to(START.plus(DAY)).run().rows()).isZero();
    }
  }

  @Test
  void rowsThatDoNotFitAreNamedByTheirPeriodAndTheirNumbersInIt() {
    try (Workspace workspace = workspace()) {
      FeatureStore features = store(workspace);
      table.add("JFK", START, 0);
      for (int hour = 0; hour < 5; hour++) { // three rows are a batch
        table.add(hour == 4 ? null : "JFK", START.plus(DAY).plus(Duration.ofHours(hour)), hour);
      }
      assertThatThrownBy(
              () -> features.materialize(WEATHER, START, START.plus(DAY.multipliedBy(3))))
          .isInstanceOf(FeatureDataException.class)
          .hasMessageContaining(
              "what its source has from "
                  + START.plus(DAY)
                  + " to "
                  + START.plus(DAY.multipliedBy(2))
                  + " does not fit, nothing of it was stored")
          .hasMessageContaining("column \"origin\" is null in 1 rows")
          .hasMessageContaining("counted from 0, the first are: [4]");
      assertThat(features.views().get(0).events()).isEqualTo(1);
      FeatureStore there = FeatureStore.builder(workspace).inPlace(WEATHER, table).open();
      FeatureSet<Question> set =
          FeatureSet.named("set", Question.class)
              .at(Question::at)
              .lookup(WEATHER, Question::origin)
              .build();
      assertThatThrownBy(
              () ->
                  there.trainingSet(
                      set,
                      List.of(new Question("JFK", START, true)),
                      Target.binary("label", Question::label)))
          .isInstanceOf(FeatureDataException.class)
          .hasMessageContaining("what its source has in place does not fit")
          .hasMessageContaining("the first are: [5]");
    }
  }

  @Test
  void trainingRowsInBatchesAreTheTrainingSet() {
    for (int i = 0; i < 50; i++) {
      table.add(i % 2 == 0 ? "JFK" : "LGA", START.plus(Duration.ofMinutes(i * 7L % 60)), i);
    }
    try (Workspace workspace = workspace()) {
      FeatureStore features = store(workspace);
      features.materialize(WEATHER, START, START.plus(DAY));
      FeatureSet<Question> set =
          FeatureSet.named("set", Question.class)
              .at(Question::at)
              .lookup(WEATHER, Question::origin)
              .numeric("doubled", (question, found) -> 2 * found.number("weather.wind"))
              .build();
      List<Question> questions = new ArrayList<>();
      for (int i = 0; i < 25; i++) {
        questions.add(
            new Question(
                i % 3 == 0 ? "JFK" : "LGA", START.plus(Duration.ofMinutes(97L * i % 80)), true));
      }
      Target<Question, Boolean> label = Target.binary("label", Question::label);
      List<Object> rows = new ArrayList<>();
      List<Integer> sizes = new ArrayList<>();
      TrainingRows counts =
          features.trainingRows(
              set,
              questions,
              label,
              clock.instant(),
              10,
              batch -> {
                sizes.add(batch.rowCount());
                batch
                    .rows()
                    .forEach(
                        row ->
                            rows.add(
                                List.of(
                                    String.valueOf(row.value(0)), String.valueOf(row.value(1)))));
              });
      assertThat(counts.rows()).isEqualTo(25);
      assertThat(sizes).containsExactly(10, 10, 5);
      List<Object> whole = new ArrayList<>();
      features
          .trainingSet(set, questions, label)
          .dataset()
          .rows()
          .forEach(
              row ->
                  whole.add(List.of(String.valueOf(row.value(0)), String.valueOf(row.value(1)))));
      assertThat(rows).isEqualTo(whole);
      assertThatThrownBy(
              () -> features.trainingRows(set, questions, label, clock.instant(), 0, batch -> {}))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("batchRows");
    }
  }

  @Test
  void badConfigurationIsSaidAtOnce() {
    try (Workspace workspace = workspace()) {
      FeatureStore features = store(workspace);
      assertThatThrownBy(() -> features.materialize(WEATHER).run())
          .isInstanceOf(FeatureDataException.class)
          .hasMessageContaining("from(...)");
      features.materialize(WEATHER, START, START.plus(DAY));
      assertThatThrownBy(
              () -> features.materialize(WEATHER).from(START.plus(DAY.multipliedBy(2))).run())
          .isInstanceOf(FeatureDataException.class)
          .hasMessageContaining("gap");
      assertThatThrownBy(() -> features.materialize(WEATHER).step(Duration.ZERO))
          .isInstanceOf(FeatureDefinitionException.class);
      assertThatThrownBy(() -> features.materialize(WEATHER).lateness(Duration.ofDays(-1)))
          .isInstanceOf(FeatureDefinitionException.class);
      FeatureStore without = FeatureStore.in(workspace);
      assertThatThrownBy(() -> without.materialize(WEATHER))
          .isInstanceOf(FeatureDefinitionException.class)
          .hasMessageContaining("source(");
    }
  }

  @Test
  void aSourceThatIgnoresThePeriodIsRefused() {
    table.add("JFK", START.minus(DAY), 1);
    RowSource careless = (from, to, batches) -> table.read(Instant.MIN, Instant.MAX, batches);
    try (Workspace workspace = workspace()) {
      FeatureStore features = FeatureStore.builder(workspace).source(WEATHER, careless).open();
      assertThatThrownBy(() -> features.materialize(WEATHER, START, START.plus(DAY)))
          .isInstanceOf(FeatureDataException.class)
          .hasMessageContaining(":from and :to");
      assertThat(features.views().get(0).events()).isZero();
    }
  }

  @Test
  void eventsBeyondTheToleratedFutureAreRefused() {
    table.add("JFK", clock.instant().plus(DAY), 1);
    try (Workspace workspace = workspace()) {
      FeatureStore features =
          FeatureStore.builder(workspace)
              .source(WEATHER, table)
              .futureTolerance(Duration.ofHours(1))
              .open();
      assertThatThrownBy(
              () -> features.materialize(WEATHER, START, clock.instant().plus(DAY.multipliedBy(3))))
          .isInstanceOf(FeatureDataException.class)
          .hasMessageContaining("of what its source has from ")
          .hasMessageContaining("1 events lie in the future")
          .hasMessageContaining("futureTolerance")
          .hasMessageContaining("nothing of it was stored");
    }
  }

  private static Object windAt(FeatureStore features, int day) {
    return features
        .get(WEATHER, EntityKey.of(WEATHER, "JFK"), START.plus(DAY.multipliedBy(day)))
        .value("wind");
  }

  private Workspace workspace() {
    return Workspace.at(directory).clock(clock).open();
  }

  private FeatureStore store(Workspace workspace) {
    return FeatureStore.builder(workspace).source(WEATHER, table).open();
  }

  record Question(String origin, Instant at, boolean label) {}

  /** A table of a warehouse, read three rows at a time. */
  private static final class Table implements RowSource {

    private static final Schema SCHEMA =
        Schema.builder()
            .optional("origin", STRING)
            .optional("observed_at", TIMESTAMP)
            .optional("wind", FLOAT64)
            .build();

    private final List<Object[]> rows = new ArrayList<>();
    private int failAfter = Integer.MAX_VALUE;
    private int shown;

    void add(String origin, Instant time, double wind) {
      rows.add(new Object[] {origin, time, wind});
    }

    void reverse() {
      Collections.reverse(rows);
    }

    @Override
    public void read(Instant from, Instant to, Consumer<? super Dataset> batches) {
      DatasetBuilder batch = Dataset.builder(SCHEMA);
      for (Object[] row : rows) {
        Instant time = (Instant) row[1];
        if (!time.isBefore(from) && time.isBefore(to)) {
          if (++shown > failAfter) {
            throw new IllegalStateException("the warehouse is gone");
          }
          batch.add(row);
        }
        if (batch.rowCount() == 3) {
          batches.accept(batch.build());
          batch = Dataset.builder(SCHEMA);
        }
      }
      if (batch.rowCount() > 0) {
        batches.accept(batch.build());
      }
    }
  }
}
