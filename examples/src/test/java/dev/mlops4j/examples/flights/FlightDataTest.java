package dev.mlops4j.examples.flights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.feature.EntityKey;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.TrainingSet;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class FlightDataTest {

  private static FlightData data;
  private static FeatureStore year;

  @BeforeAll
  static void read() {
    data = FlightData.read();
    year = FeatureStore.inMemory(InstantSource.fixed(FlightYear.AFTERWARDS));
    year.ingest(FlightFeatures.WEATHER, data.weatherKnownBefore(FlightYear.AFTERWARDS));
    year.ingest(FlightFeatures.CONGESTION, data.departuresBefore(FlightYear.AFTERWARDS));
  }

  @Test
  void allFlightsOfTheYearAreThere() {
    assertThat(data.flights()).hasSize(336_776);
    assertThat(data.flights().stream().filter(flight -> flight.late() == null)).hasSize(9_430);
    assertThat(data.flights().stream().map(Flight::id).distinct()).hasSize(336_776);
    assertThat(data.weather().rowCount()).isEqualTo(26_115);
  }

  @Test
  void theDataHoldsWhatTheChecksExpect() {
    Dataset weather = data.weatherKnownBefore(FlightYear.SERVING);
    FlightChecks.weather(FlightYear.START, FlightYear.SERVING).check(weather).orThrow();
    assertThat(FlightChecks.flights(FlightYear.START, FlightYear.SERVING).check(data.flightRows()))
        .as("flights of July to December are out of the period")
        .satisfies(report -> assertThat(report.failures()).hasSize(1));
  }

  @Test
  void everyFlightWithALabelHasOneRowAndTheOthersAreCounted() {
    List<Flight> some = data.flights().subList(0, 20_000);
    long labelled = some.stream().filter(flight -> flight.late() != null).count();

    TrainingSet training = year.trainingSet(FlightFeatures.FEATURES, some, FlightFeatures.LATE);

    assertThat(training.rowCount()).isEqualTo((int) labelled);
    assertThat(training.leftOutWithoutLabel()).isEqualTo(some.size() - (int) labelled);
  }

  @Test
  void askedAtTheScheduledMinuteAFlightThatLeftEarlyWouldSeeItselfButAnHourBeforeItDoesNot() {
    Flight early =
        data.flights().stream()
            .filter(flight -> flight.departureDelay() != null && flight.departureDelay() < -3)
            .skip(1_000)
            .findFirst()
            .orElseThrow();
    Instant scheduled = early.scheduledDeparture();
    Instant left = Objects.requireNonNull(early.departedAt());

    assertThat(departuresWithin(early, left, scheduled))
        .as("the window up to the scheduled minute holds the flight's own departure")
        .isEqualTo(departures(early, scheduled))
        .isPositive();
    Instant asked = FlightFeatures.FEATURES.askedAt(early).orElseThrow();
    assertThat(asked).isEqualTo(scheduled.minus(Duration.ofHours(1))).isBefore(left);
    assertThat(departuresWithin(early, left, asked))
        .as("no departure of the window at the moment of the question is the flight's own")
        .isEqualTo(departures(early, asked));
  }

  /** What the feature counts. */
  private static double departures(Flight flight, Instant at) {
    return Objects.requireNonNull(
            (Number)
                year.get(
                        FlightFeatures.CONGESTION,
                        EntityKey.of(FlightFeatures.CONGESTION, flight.origin()),
                        at)
                    .value("departures_1h"))
        .doubleValue();
  }

  /** Counts by going through all flights; {@code left} is among them if it is in the window. */
  private static double departuresWithin(Flight flight, Instant left, Instant at) {
    boolean ownIsIn = left.isAfter(at.minus(Duration.ofHours(1))) && !left.isAfter(at);
    long others =
        data.flights().stream()
            .filter(other -> other.origin().equals(flight.origin()) && !other.equals(flight))
            .map(Flight::departedAt)
            .filter(Objects::nonNull)
            .filter(t -> t.isAfter(at.minus(Duration.ofHours(1))) && !t.isAfter(at))
            .count();
    return others + (ownIsIn ? 1 : 0);
  }
}
