package dev.mlops4j.feature;

import static dev.mlops4j.data.ColumnType.BOOLEAN;
import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.INT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.data.ColumnType.TIMESTAMP;
import static dev.mlops4j.feature.Aggregation.count;
import static dev.mlops4j.feature.Flights.CONGESTION;
import static dev.mlops4j.feature.Flights.FEATURES;
import static dev.mlops4j.feature.Flights.LATE;
import static dev.mlops4j.feature.Flights.WEATHER;
import static dev.mlops4j.feature.Flights.at;
import static dev.mlops4j.feature.Flights.departures;
import static dev.mlops4j.feature.Flights.weather;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.Sensitive;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FeatureStoreTest {

  private final MutableClock clock = new MutableClock(at("12:00"));
  @TempDir private Path directory;
  private Workspace workspace;
  private FeatureStore store;

  @BeforeEach
  void open() {
    workspace = Workspace.at(directory).clock(clock).open();
    store = FeatureStore.in(workspace);
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  @Test
  void ingestingTheSameAgainAddsNothing() {
    Dataset departures = departures("11:30", 1.0, "11:30", 1.0);
    assertThat(store.ingest(CONGESTION, departures)).isEqualTo(new IngestResult(2, 2));
    assertThat(store.ingest(CONGESTION, departures)).isEqualTo(new IngestResult(2, 0));
    assertThat(store.ingest(CONGESTION, departures).alreadySeen()).isEqualTo(2);
    assertThat(departuresOfTheHour(store)).isEqualTo(2L);
  }

  @Test
  void theIdentityOfARowIsTheSameInEveryLocale() {
    Dataset departures = departures("11:30", 1.0, "11:31", 1.0);
    Locale before = Locale.getDefault();
    store.ingest(CONGESTION, departures);
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertThat(store.ingest(CONGESTION, departures)).isEqualTo(new IngestResult(2, 0));
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void twoPushesAtOneMomentAreTwoEvents() {
    Map<String, Object> row =
        Map.of("origin", "JFK", "departed_at", at("11:30"), "departure_delay", 3);
    assertThat(store.push(CONGESTION, row)).isTrue();
    assertThat(store.push(CONGESTION, row)).isTrue();
    assertThat(departuresOfTheHour(store)).isEqualTo(2L);
  }

  @Test
  void aMeanDoesNotDependOnTheOrderInWhichEventsOfOneMomentArrive() {
    List<Double> delays = new ArrayList<>(List.of(0.1, 1e9, 0.2, -1e9, 0.3, 0.7, 1e-3));
    Random random = new Random(3);
    Set<Object> means = new HashSet<>();
    for (int order = 0; order < 20; order++) {
      Collections.shuffle(delays, random);
      FeatureStore fresh = FeatureStore.inMemory(InstantSource.fixed(at("12:00")));
      for (double delay : delays) {
        fresh.push(
            CONGESTION,
            Map.of("origin", "JFK", "departed_at", at("11:30"), "departure_delay", delay));
      }
      means.add(
          fresh
              .get(CONGESTION, EntityKey.of(CONGESTION, "JFK"), at("12:00"))
              .value("mean_delay_3h"));
    }
    assertThat(means).hasSize(1);
  }

  @Test
  void aPushWithAnIdSeenBeforeChangesNothing() {
    FeatureView view =
        FeatureView.named("departures")
            .key("origin", STRING)
            .eventTime("at")
            .eventId("flight")
            .feature("n", count().over(Duration.ofHours(1)))
            .build();
    assertThat(store.push(view, Map.of("origin", "JFK", "at", at("11:30"), "flight", 7))).isTrue();
    assertThat(store.push(view, Map.of("origin", "JFK", "at", at("11:40"), "flight", 7))).isFalse();
    assertThat(store.get(view, EntityKey.of(view, "JFK"), at("12:00")).value("n")).isEqualTo(1L);
  }

  record Departure(String origin, Instant departedAt, Integer delay) {}

  @Test
  void aRecordIsPushedByItsComponents() {
    FeatureView view =
        FeatureView.named("departures")
            .key("origin", STRING)
            .eventTime("departed_at")
            .feature("delay", FLOAT64)
            .build();
    store.push(view, new Departure("JFK", at("11:30"), 7));
    assertThat(store.get(view, EntityKey.of(view, "JFK"), at("12:00")).value("delay"))
        .isEqualTo(7.0);
  }

  @Test
  void aDatasetThatDoesNotFitIsRefusedWithAllItsProblemsAndLeavesNothing() {
    Dataset rows =
        Dataset.builder(
                Schema.builder()
                    .optional("origin", INT64)
                    .optional("observed_at", TIMESTAMP)
                    .build())
            .add(1L, at("10:00"))
            .build();
    assertThatThrownBy(() -> store.ingest(WEATHER, rows))
        .isInstanceOf(FeatureDataException.class)
        .hasMessageContaining("view \"weather\"")
        .hasMessageContaining("column \"origin\" is STRING in the view, found INT64")
        .hasMessageContaining("column \"wind_speed\" FLOAT64 is absent")
        .hasMessageContaining("nothing was stored");
    assertThatThrownBy(() -> store.trainingSet(FEATURES, List.of(), LATE))
        .isInstanceOf(NoSuchFeatureViewException.class)
        .hasMessageContaining("no view \"weather\": ingest or push its events first");
  }

  @Test
  void nullKeysAndTimesAreRefusedWithTheirRows() {
    Dataset rows =
        Dataset.builder(
                Schema.builder()
                    .optional("origin", STRING)
                    .optional("observed_at", TIMESTAMP)
                    .optional("wind_speed", FLOAT64)
                    .build())
            .add("JFK", at("10:00"), 1.0)
            .add(null, at("10:00"), 1.0)
            .add("JFK", null, null)
            .build();
    assertThatThrownBy(() -> store.ingest(WEATHER, rows))
        .isInstanceOf(FeatureDataException.class)
        .hasMessageContaining("column \"origin\" is null in 1 rows, and must not be;")
        .hasMessageContaining("the first are: [1]")
        .hasMessageContaining("column \"observed_at\" is null in 1 rows")
        .hasMessageContaining("the first are: [2]");
  }

  @Test
  void aSensitiveColumnIsNoFeature() {
    Dataset rows =
        Dataset.builder(
                Schema.builder()
                    .required("origin", STRING)
                    .required("observed_at", TIMESTAMP)
                    .optional("wind_speed", FLOAT64)
                    .sensitive("wind_speed")
                    .build())
            .build();
    assertThatThrownBy(() -> store.ingest(WEATHER, rows))
        .isInstanceOf(FeatureDataException.class)
        .hasMessageContaining("column \"wind_speed\" is sensitive and cannot be a feature");
  }

  record PrivateDeparture(String origin, Instant departedAt, @Sensitive Double departureDelay) {}

  @Test
  void nothingIsComputedOfASensitiveColumnEither() {
    Dataset rows =
        Dataset.builder(
                Schema.builder()
                    .required("origin", STRING)
                    .required("departed_at", TIMESTAMP)
                    .optional("departure_delay", FLOAT64)
                    .sensitive("departure_delay")
                    .build())
            .build();
    String problem =
        "column \"departure_delay\" is sensitive and cannot be a feature (\"mean_delay_3h\" is"
            + " mean(departure_delay) over PT3H)";
    assertThatThrownBy(() -> store.ingest(CONGESTION, rows))
        .isInstanceOf(FeatureDataException.class)
        .hasMessageContaining(problem);
    PrivateDeparture departure = new PrivateDeparture("JFK", at("11:30"), 7.0);
    assertThatThrownBy(() -> store.push(CONGESTION, departure))
        .isInstanceOf(FeatureDataException.class)
        .hasMessageContaining(problem);
  }

  @Test
  void aRowThatDoesNotFitIsNotPushed() {
    Map<String, Object> row = new HashMap<>();
    row.put("origin", null);
    row.put("observed_at", "noon");
    assertThatThrownBy(() -> store.push(WEATHER, row))
        .isInstanceOf(FeatureDataException.class)
        .hasMessageContaining("column \"observed_at\" is TIMESTAMP, found a String")
        .hasMessageContaining(
            "column \"wind_speed\" FLOAT64 is absent; if its value is missing, put null for it"
                + " (a HashMap takes null")
        .hasMessageNotContaining("noon");
    row.put("observed_at", at("11:00"));
    row.put("wind_speed", 1.0);
    assertThatThrownBy(() -> store.push(WEATHER, row))
        .isInstanceOf(FeatureDataException.class)
        .hasMessage("view \"weather\": key column \"origin\" is null");
  }

  @Test
  void anotherDefinitionUnderTheSameNameIsRefusedWithTheDifference() {
    store.ingest(WEATHER, weather("10:00", 1.0));
    FeatureView changed =
        FeatureView.named("weather")
            .key("origin", STRING)
            .eventTime("observed_at")
            .feature("wind_speed", FLOAT64)
            .ttl(Duration.ofHours(4))
            .availableAfter(Duration.ofMinutes(15))
            .build();
    List<Runnable> uses =
        List.of(
            () -> store.ingest(changed, weather("10:00", 1.0)),
            () -> store.requireView(changed),
            () -> store.get(changed, EntityKey.of(changed, "JFK"), at("11:00")),
            () -> {
              try (Workspace second = Workspace.at(directory).clock(clock).open()) {
                FeatureStore.in(second).ingest(changed, weather("10:00", 1.0));
              }
            });
    for (Runnable use : uses) {
      assertThatThrownBy(use::run)
          .isInstanceOf(FeatureDefinitionChangedException.class)
          .hasMessageContaining("view \"weather\" is stored with another definition")
          .hasMessageContaining("stored: ttl-us 10800000000")
          .hasMessageContaining("given:  ttl-us 14400000000")
          .hasMessageContaining("register(view)");
    }
    assertThat(store.get(WEATHER, EntityKey.of(WEATHER, "JFK"), at("11:00")).value("wind_speed"))
        .isEqualTo(1.0);
  }

  @Test
  void anUnknownFeatureIsNamedWithThoseThereAre() {
    FeatureValues values = store.get(CONGESTION, EntityKey.of(CONGESTION, "JFK"), at("11:00"));
    assertThatThrownBy(() -> values.value("mean_delay"))
        .isInstanceOf(NoSuchFeatureException.class)
        .hasMessage(
            "view \"congestion\" has no feature \"mean_delay\"; it has: mean_delay_3h,"
                + " departures_1h");
  }

  @Test
  void aNumberIsTakenAsAVectorHasItAndATextIsNone() {
    FeatureView view =
        FeatureView.named("readings")
            .key("sensor", STRING)
            .eventTime("at")
            .feature("level", FLOAT64)
            .feature("steps", INT64)
            .feature("on", BOOLEAN)
            .feature("unit", STRING)
            .build();
    Map<String, Object> row = new HashMap<>();
    row.put("sensor", "a");
    row.put("at", at("11:00"));
    row.put("level", null);
    row.put("steps", 3);
    row.put("on", true);
    row.put("unit", "m");
    store.push(view, row);
    FeatureValues values = store.get(view, EntityKey.of(view, "a"), at("12:00"));
    assertThat(values.number("level")).isNaN();
    assertThat(values.number("steps")).isEqualTo(3);
    assertThat(values.number("on")).isEqualTo(1);
    assertThatThrownBy(() -> values.number("unit"))
        .isInstanceOf(FeatureDefinitionException.class)
        .hasMessage(
            "feature \"unit\" of view \"readings\" is a STRING, which is no number; take it with"
                + " value(\"unit\")");
    assertThatThrownBy(() -> values.number("step")).isInstanceOf(NoSuchFeatureException.class);
  }

  @Test
  void aKeyOfTheWrongTypeOrLengthIsRefused() {
    assertThatThrownBy(() -> EntityKey.of(WEATHER, 7))
        .isInstanceOf(FeatureDataException.class)
        .hasMessage("view \"weather\": key column \"origin\" is STRING, found a Integer");
    assertThatThrownBy(() -> EntityKey.of(WEATHER, "JFK", "LGA"))
        .isInstanceOf(FeatureDataException.class)
        .hasMessage("view \"weather\": its key has 1 columns (origin), found 2 values");
  }

  @Test
  void moreEventsThanTheCapAreAnErrorAndNotAGuess() {
    FeatureStore small = FeatureStore.builder(workspace).maxEventsPerLookup(2).open();
    small.ingest(CONGESTION, departures("11:30", 1.0, "11:40", 1.0));
    assertThat(departuresOfTheHour(small)).isEqualTo(2L);
    small.ingest(CONGESTION, departures("11:50", 1.0));
    assertThatThrownBy(() -> departuresOfTheHour(small))
        .isInstanceOf(TooManyEventsException.class)
        .hasMessageContaining("one key has more than 2 events in its widest window")
        .hasMessageContaining("raise maxEventsPerLookup");
  }

  @Test
  void whatAnotherProcessPushesIsSeenAtOnce() {
    try (Workspace second = Workspace.at(directory).clock(clock).open()) {
      FeatureStore other = FeatureStore.in(second);
      for (int i = 0; i < 5; i++) {
        Map<String, Object> row =
            Map.of("origin", "JFK", "departed_at", at("11:3" + i), "departure_delay", 1.0);
        (i % 2 == 0 ? store : other).push(CONGESTION, row);
        assertThat(departuresOfTheHour(store)).isEqualTo(i + 1L);
        assertThat(departuresOfTheHour(other)).isEqualTo(i + 1L);
      }
    }
  }

  @Test
  void anOnlineStoreKeepsOnlyWhatTheLookBackNeedsAndOlderQuestionsGoToTheHistory() {
    InMemoryOnlineStore online = new InMemoryOnlineStore();
    FeatureStore trimmed =
        FeatureStore.builder(workspace).online(online).lookBack(Duration.ofHours(1)).open();
    for (String time : List.of("01:00", "05:00", "08:30", "10:30", "11:30")) {
      clock.set(at(time));
      trimmed.push(
          CONGESTION, Map.of("origin", "JFK", "departed_at", at(time), "departure_delay", 1.0));
    }
    clock.set(at("11:30"));
    EntityKey key = EntityKey.of(CONGESTION, "JFK");
    long[] kept = {0};
    long horizon = online.scan(CONGESTION, key, Long.MAX_VALUE, event -> ++kept[0] > 0);
    assertThat(kept[0]).as("10:30 less the window of 3 h").isEqualTo(3);
    assertThat(horizon).isEqualTo(Micros.of(at("10:30")));
    assertThat(trimmed.get(CONGESTION, key, at("05:30")).value("departures_1h")).isEqualTo(1L);

    clock.set(at("05:30"));
    FeatureStore restarted =
        FeatureStore.builder(workspace).online(new InMemoryOnlineStore()).open();
    assertThat(restarted.get(CONGESTION, key, at("05:30")).value("departures_1h")).isEqualTo(1L);
  }

  @Test
  void whatAnotherProcessIngestsIsSeenByAllWhoShareTheOnlineStore() {
    InMemoryOnlineStore online = new InMemoryOnlineStore();
    FeatureStore one = FeatureStore.builder(workspace).online(online).open();
    assertThat(departuresOfTheHour(one)).isEqualTo(0L);
    try (Workspace second = Workspace.at(directory).clock(clock).open()) {
      FeatureStore other =
          FeatureStore.builder(second)
              .online(
                  new ForwardingOnlineStore(online) {
                    @Override
                    public void close() {}
                  })
              .open();
      other.ingest(CONGESTION, departures("11:30", 1.0, "11:40", 1.0));
      assertThat(departuresOfTheHour(one)).isEqualTo(2L);
    }
    assertThat(departuresOfTheHour(one)).isEqualTo(2L);
  }

  @Test
  void ingestingAgainMendsAnOnlineStoreThatFailed() {
    boolean[] fails = {false};
    OnlineStore online =
        new ForwardingOnlineStore(new InMemoryOnlineStore()) {
          @Override
          public void bringUp(
              FeatureView view, EntityKey key, Iterable<FeatureEvent> events, long horizon) {
            if (fails[0]) {
              throw new IllegalStateException("out of order");
            }
            super.bringUp(view, key, events, horizon);
          }
        };
    FeatureStore failing = FeatureStore.builder(workspace).online(online).open();
    assertThat(departuresOfTheHour(failing)).isEqualTo(0L);
    fails[0] = true;
    Dataset departures = departures("11:30", 1.0);
    assertThatThrownBy(() -> failing.ingest(CONGESTION, departures))
        .isInstanceOf(IllegalStateException.class);
    fails[0] = false;
    assertThat(failing.ingest(CONGESTION, departures)).isEqualTo(new IngestResult(1, 0));
    assertThat(departuresOfTheHour(failing)).isEqualTo(1L);
  }

  @Test
  void whatIsIngestedWhileAnOnlineStoreIsWarmedIsSeenAfterwards() throws InterruptedException {
    store.ingest(CONGESTION, departures("11:30", 1.0));
    AtomicReference<Runnable> duringWarming = new AtomicReference<>(() -> {});
    OnlineStore online =
        new ForwardingOnlineStore(new InMemoryOnlineStore()) {
          @Override
          public void bringUp(
              FeatureView view, EntityKey key, Iterable<FeatureEvent> events, long horizon) {
            duringWarming.getAndSet(() -> {}).run();
            super.bringUp(view, key, events, horizon);
          }
        };
    FeatureStore warming = FeatureStore.builder(workspace).online(online).open();
    Thread other = new Thread(() -> warming.ingest(CONGESTION, departures("11:40", 1.0)));
    duringWarming.set(
        () -> {
          other.start();
          while (other.isAlive() && other.getState() != Thread.State.BLOCKED) {
            Thread.onSpinWait();
          }
        });
    departuresOfTheHour(warming);
    other.join();
    assertThat(departuresOfTheHour(warming)).isEqualTo(2L);
  }

  @Test
  void whatIsOlderThanTheRetentionIsMissingAndNotStale() {
    FeatureView view =
        FeatureView.named("kept_for_two_hours")
            .key("origin", STRING)
            .eventTime("observed_at")
            .feature("wind_speed", FLOAT64)
            .ttl(Duration.ofHours(1))
            .retention(Duration.ofHours(2))
            .build();
    store.ingest(view, weather("08:00", 7.0));
    EntityKey key = EntityKey.of(view, "JFK");
    clock.set(at("10:00"));
    assertThat(store.get(view, key, at("10:00")).status("wind_speed"))
        .isEqualTo(FeatureValues.Status.STALE);
    assertThat(store.get(view, key, at("08:30")).value("wind_speed")).isEqualTo(7.0);
    clock.set(at("10:01"));
    for (String time : List.of("10:01", "08:30")) {
      assertThat(store.get(view, key, at(time)).status("wind_speed"))
          .as("asked at 10:01 about %s", time)
          .isEqualTo(FeatureValues.Status.MISSING);
    }
  }

  @Test
  void aLookupOfAViewNeverHeardOfFindsNothingAndLeavesNothing() {
    FeatureValues values = store.get(WEATHER, EntityKey.of(WEATHER, "JFK"), at("11:00"));
    assertThat(values.status("wind_speed")).isEqualTo(FeatureValues.Status.MISSING);
    assertThatThrownBy(() -> store.trainingSet(FEATURES, List.of(), LATE))
        .isInstanceOf(NoSuchFeatureViewException.class);
  }

  @Test
  void compositeKeysDoNotCollide() {
    FeatureView view =
        FeatureView.named("pairs")
            .key("a", STRING)
            .key("b", STRING)
            .eventTime("t")
            .feature("n", FLOAT64)
            .build();
    store.push(view, Map.of("a", "1", "b", "23", "t", at("11:00"), "n", 1.0));
    assertThat(
            Arrays.asList(
                store.get(view, EntityKey.of(view, "1", "23"), at("12:00")).value("n"),
                store.get(view, EntityKey.of(view, "12", "3"), at("12:00")).value("n")))
        .containsExactly(1.0, null);
  }

  private static Object departuresOfTheHour(FeatureStore of) {
    return of.get(CONGESTION, EntityKey.of(CONGESTION, "JFK"), at("12:00")).value("departures_1h");
  }
}
