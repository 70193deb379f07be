package dev.mlops4j.feature;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.data.ColumnType.TIMESTAMP;
import static dev.mlops4j.feature.Flights.CONGESTION;
import static dev.mlops4j.feature.Flights.FEATURES;
import static dev.mlops4j.feature.Flights.LATE;
import static dev.mlops4j.feature.Flights.WEATHER;
import static dev.mlops4j.feature.Flights.at;
import static dev.mlops4j.feature.Flights.departures;
import static dev.mlops4j.feature.Flights.flight;
import static dev.mlops4j.feature.Flights.weather;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Schema;
import dev.mlops4j.feature.Flights.Flight;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Knowledge from the future, planted where it could leak into a training set. */
class LeakTest {

  private final MutableClock clock = new MutableClock(at("23:00"));
  private final FeatureStore store = FeatureStore.inMemory(clock);

  @Test
  void theFlightsOwnDepartureIsNotSeenWhenItIsAskedAbout() {
    store.ingest(WEATHER, weather());
    // The flight of 12:00 leaves ten minutes early; a flight of 10:30 has left before.
    store.ingest(CONGESTION, departures("10:30", 4.0, "11:50", -10.0));
    assertThat(row(FEATURES)).containsEntry("congestion.mean_delay_3h", 4.0);

    FeatureSet<Flight> askedTooLate =
        FeatureSet.named("leaky", Flight.class)
            .at(Flight::scheduled)
            .lookup(CONGESTION, Flight::origin)
            .build();
    assertThat(row(askedTooLate))
        .as("asked at the scheduled minute, the window would hold it: the set must say when")
        .containsEntry("congestion.mean_delay_3h", -3.0);
  }

  @Test
  void weatherIsNotSeenBeforeItIsKnown() {
    store.ingest(CONGESTION, departures());
    // Asked at 11:00: the reading of 10:46 is known at 11:01, the one of 10:45 at 11:00.
    store.ingest(WEATHER, weather("10:46", 99.0, "10:45", 12.0));
    assertThat(row(FEATURES)).containsEntry("origin_weather.wind_speed", 12.0);
  }

  @Test
  void aLabelIsNotUsedBeforeItIsKnown() {
    store.ingest(WEATHER, weather());
    store.ingest(CONGESTION, departures());
    List<Flight> flights =
        List.of(
            flight("AA", "12:00", true), flight("UA", "12:01", false), flight("DL", "09:00", null));
    TrainingSet training = store.trainingSet(FEATURES, flights, LATE, at("15:00"));
    assertThat(training.rowCount()).isEqualTo(1);
    assertThat(training.leftOutNotYetKnown()).isEqualTo(1);
    assertThat(training.leftOutWithoutLabel()).isEqualTo(1);
    assertThat(training.dataset().strings("carrier").get(0)).isEqualTo("AA");
    assertThat(training.labels()).containsExactly(1);
  }

  @Test
  void aRecordAskedLaterCanBeAskedOfWhatWasKnownAtAMomentAndItsFeaturesAgeAllTheSame() {
    store.ingest(CONGESTION, departures("10:30", 4.0, "10:50", 8.0));
    store.ingest(WEATHER, weather("09:00", 5.0, "10:30", 6.0)); // known at 09:15 and 10:45
    List<Flight> flights = List.of(flight("AA", "12:00", true), flight("UA", "15:00", true));
    TrainingSet known = store.trainingSet(FEATURES, flights, LATE, at("23:00"), at("10:44"));
    assertThat(known.rowCount()).isEqualTo(2);
    assertThat(known.dataset().doubles("origin_weather.wind_speed").get(0)).isEqualTo(5.0);
    assertThat(known.dataset().column("origin_weather.wind_speed").get(1)).as("stale").isNull();
    assertThat(known.dataset().doubles("congestion.mean_delay_3h").get(0)).isEqualTo(4.0);
    TrainingSet then = store.trainingSet(FEATURES, flights, LATE, at("23:00"), at("10:45"));
    assertThat(then.dataset().doubles("origin_weather.wind_speed").get(0)).isEqualTo(6.0);
    assertThat(store.trainingSet(FEATURES, flights, LATE, at("23:00"), at("23:00")).digest())
        .isEqualTo(store.trainingSet(FEATURES, flights, LATE).digest());
  }

  @Test
  void aBackfillDoesNotReachBackBeforeItWasPushed() {
    store.ingest(CONGESTION, departures());
    store.register(WEATHER);
    clock.set(at("20:00"));
    store.push(WEATHER, Map.of("origin", "JFK", "observed_at", at("10:00"), "wind_speed", 7.0));
    clock.set(at("23:00"));
    assertThat(row(FEATURES).get("origin_weather.wind_speed")).isEqualTo(null);
  }

  @Test
  void knowledgeOfTheKnownTimeColumnCountsFromThen() {
    FeatureView corrected =
        FeatureView.named("corrected")
            .key("origin", STRING)
            .eventTime("departed_at")
            .knownTime("known_at")
            .feature("departure_delay", FLOAT64)
            .build();
    Dataset rows =
        Dataset.builder(
                Schema.builder()
                    .required("origin", STRING)
                    .required("departed_at", TIMESTAMP)
                    .required("known_at", TIMESTAMP)
                    .optional("departure_delay", FLOAT64)
                    .build())
            .add("JFK", at("10:00"), at("10:05"), 1.0)
            .add("JFK", at("10:00"), at("12:00"), 2.0)
            .build();
    store.ingest(corrected, rows);
    EntityKey key = EntityKey.of(corrected, "JFK");
    assertThat(store.get(corrected, key, at("10:04")).status("departure_delay"))
        .isEqualTo(FeatureValues.Status.MISSING);
    assertThat(store.get(corrected, key, at("11:59")).value("departure_delay")).isEqualTo(1.0);
    assertThat(store.get(corrected, key, at("12:00")).value("departure_delay")).isEqualTo(2.0);
  }

  @Test
  void whatIsAskedForTheFutureIsAnsweredAsOfNow() {
    store.ingest(CONGESTION, departures("10:30", 4.0, "11:50", -10.0));
    clock.set(at("11:00"));
    EntityKey key = EntityKey.of(CONGESTION, "JFK");
    assertThat(store.get(CONGESTION, key, at("12:00")).value("mean_delay_3h")).isEqualTo(4.0);
  }

  @Test
  void anEventAtTheVeryMomentIsSeenAndOneAtTheWindowsBeginIsNot() {
    store.ingest(CONGESTION, departures("08:00", 1.0, "08:01", 2.0, "11:00", 6.0));
    EntityKey key = EntityKey.of(CONGESTION, "JFK");
    FeatureValues values = store.get(CONGESTION, key, at("11:00"));
    assertThat(values.value("mean_delay_3h")).isEqualTo(4.0);
    assertThat(values.value("departures_1h")).isEqualTo(1L);
    FeatureValues nothing = store.get(CONGESTION, EntityKey.of(CONGESTION, "LGA"), at("11:00"));
    assertThat(nothing.value("mean_delay_3h")).isNull();
    assertThat(nothing.value("departures_1h")).isEqualTo(0L);
  }

  @Test
  void aReadingAsOldAsTheTtlCountsAndAnOlderOneIsStale() {
    store.ingest(WEATHER, weather("08:00", 7.0));
    EntityKey key = EntityKey.of(WEATHER, "JFK");
    assertThat(store.get(WEATHER, key, at("11:00")).value("wind_speed")).isEqualTo(7.0);
    FeatureValues stale = store.get(WEATHER, key, at("11:00").plus(Duration.ofNanos(1_000)));
    assertThat(stale.value("wind_speed")).isNull();
    assertThat(stale.status("wind_speed")).isEqualTo(FeatureValues.Status.STALE);
  }

  private Map<String, Object> row(FeatureSet<Flight> set) {
    TrainingSet training = store.trainingSet(set, List.of(flight("AA", "12:00", true)), LATE);
    Map<String, Object> row = new HashMap<>();
    training
        .dataset()
        .schema()
        .names()
        .forEach(name -> row.put(name, training.dataset().column(name).get(0)));
    return row;
  }
}
