package dev.mlops4j.examples.docs;

import static dev.mlops4j.examples.docs.SmallFlights.CONGESTION;
import static dev.mlops4j.examples.docs.SmallFlights.FEATURES;
import static dev.mlops4j.examples.docs.SmallFlights.LATE;
import static dev.mlops4j.examples.docs.SmallFlights.WEATHER;
import static java.util.Comparator.naturalOrder;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Csv;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Schema;
import dev.mlops4j.examples.docs.SmallFlights.Flight;
import dev.mlops4j.feature.EntityKey;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.FeatureValues;
import dev.mlops4j.feature.IngestResult;
import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.profile.DatasetProfile;
import dev.mlops4j.profile.ProfileSeries;
import dev.mlops4j.validation.Expectations;
import dev.mlops4j.validation.ExpectationsFailedException;
import dev.mlops4j.validation.Outcome;
import dev.mlops4j.validation.Severity;
import dev.mlops4j.validation.SuggestedExpectations;
import dev.mlops4j.validation.ValidationReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the code of docs/features.md. */
final class FeaturesGuideTest {

  @TempDir Path files;

  @Test
  void aFlightAskedAboutAtItsScheduledMinuteWouldCountItsOwnEarlyDeparture() {
    Instant afterwards = Instant.parse("2024-07-02T00:00:00Z");
    FeatureStore features = FeatureStore.inMemory(InstantSource.fixed(afterwards));
    features.ingest(CONGESTION, departures());

    // region leak
    EntityKey jfk = EntityKey.of(CONGESTION, "JFK");
    Instant scheduled = Instant.parse("2024-07-01T12:00:00Z"); // it left at 11:55
    Object itself = features.get(CONGESTION, jfk, scheduled).value("departures_1h"); // 1
    Object nothing =
        features.get(CONGESTION, jfk, scheduled.minus(Duration.ofHours(1))).value("departures_1h");
    // endregion

    assertThat(itself).isEqualTo(1L);
    assertThat(nothing).isEqualTo(0L);
  }

  @Test
  void aTrainingSetHasWhatWasKnown() throws IOException {
    Path weatherFile = files.resolve("weather.csv");
    Path departuresFile = files.resolve("departures.csv");
    SmallFlights.writeWeather(weatherFile, 3);
    SmallFlights.writeDepartures(departuresFile, 3);
    List<Flight> flights = SmallFlights.flights(1, 2);
    Instant asOf = SmallFlights.START.plus(Duration.ofDays(14));
    FeatureStore features =
        FeatureStore.inMemory(InstantSource.fixed(asOf.plus(Duration.ofDays(30))));

    IngestResult weather = features.ingest(WEATHER, Csv.read(weatherFile));
    IngestResult again = features.ingest(WEATHER, Csv.read(weatherFile)); // again.added() is 0
    features.ingest(CONGESTION, Csv.read(departuresFile));

    TrainingSet training = features.trainingSet(FEATURES, flights, LATE, asOf);
    int rows = training.rowCount(); // one for each flight whose label is known by then
    int notYet = training.leftOutNotYetKnown(); // the others are counted
    int never = training.leftOutWithoutLabel();
    Dataset table = training.dataset(); // features, label, asked_at

    assertThat(weather.added()).isEqualTo(2 * 3 * 168);
    assertThat(again.added()).isZero();
    assertThat(rows + notYet + never).isEqualTo(flights.size());
    assertThat(notYet).isGreaterThanOrEqualTo(168);
    assertThat(table.schema().names())
        .contains("weather.wind_speed", "congestion.mean_delay_3h", "late", "asked_at");
  }

  @Test
  void aPushedEventIsSeenAtOnce() {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2024-07-01T12:00:00Z"));
    FeatureStore features = FeatureStore.inMemory(now::get);

    // region push
    boolean isNew =
        features.push(
            CONGESTION, Map.of("origin", "JFK", "departed_at", now.get(), "departure_delay", 7.0));
    FeatureValues values = features.get(CONGESTION, EntityKey.of(CONGESTION, "JFK"), now.get());
    Object delay = values.value("mean_delay_3h"); // 7.0
    FeatureValues.Status status = values.status("mean_delay_3h"); // PRESENT
    // endregion

    assertThat(isNew).isTrue();
    assertThat(delay).isEqualTo(7.0);
    assertThat(status).isEqualTo(FeatureValues.Status.PRESENT);
  }

  @Test
  void anOldReadingIsStale() {
    AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2024-07-01T12:00:00Z"));
    FeatureStore features = FeatureStore.inMemory(now::get);
    features.push(
        WEATHER,
        Map.of("origin", "JFK", "observed_at", now.get(), "wind_speed", 9.0, "visibility", 10.0));
    EntityKey jfk = EntityKey.of(WEATHER, "JFK");

    now.set(now.get().plus(Duration.ofMinutes(14)));
    assertThat(features.get(WEATHER, jfk, now.get()).status("wind_speed"))
        .isEqualTo(FeatureValues.Status.MISSING);
    now.set(now.get().plus(Duration.ofMinutes(1)));
    assertThat(features.get(WEATHER, jfk, now.get()).value("wind_speed")).isEqualTo(9.0);
    now.set(Instant.parse("2024-07-01T15:00:00Z"));
    assertThat(features.get(WEATHER, jfk, now.get()).value("wind_speed")).isEqualTo(9.0);
    now.set(Instant.parse("2024-07-01T15:00:01Z"));
    assertThat(features.get(WEATHER, jfk, now.get()).status("wind_speed"))
        .isEqualTo(FeatureValues.Status.STALE);
  }

  @Test
  void dataIsCheckedBeforeItIsTrainedOn() throws IOException {
    Path weatherFile = files.resolve("weather.csv");
    SmallFlights.writeWeather(weatherFile, 8);
    Dataset lastWeeks = Csv.read(weatherFile);
    SmallFlights.writeWeather(weatherFile, 4);
    Dataset weather = Csv.read(weatherFile);
    InstantSource clock = InstantSource.fixed(latest(weather).plus(Duration.ofHours(5)));

    // region checks
    DatasetProfile reference = ProfileSeries.of(lastWeeks).overall(); // of a month that was good
    Expectations expected =
        Expectations.named("weather")
            .rowCount(1_000, 100_000)
            .unique("origin", "observed_at")
            .column("origin", c -> c.nullShareAtMost(0).oneOf("EWR", "JFK", "LGA"))
            .column("observed_at", c -> c.freshWithin(Duration.ofHours(6), clock))
            .column("observed_at", c -> c.notAfterNow(Duration.ofMinutes(5), clock))
            .column("wind_speed", c -> c.nullShareAtMost(0.01).between(0, 100))
            .column(
                Severity.WARN,
                "wind_speed",
                c -> c.against(reference, r -> r.distanceAtMost(0.2).missingChangeAtMost(0.1)))
            .build();
    ValidationReport report = expected.check(weather).orThrow(); // all failures in one message
    String table = report.text(100);
    ValidationReport stored = ValidationReport.fromJson(report.toJson());
    Files.writeString(files.resolve("weather.html"), report.toHtml());
    // endregion

    // region suggest
    SuggestedExpectations suggested = Expectations.suggest("weather", reference);
    System.out.println(suggested.toJava()); // to be reviewed, and taken into the program
    ValidationReport byReference = suggested.expectations().check(weather);
    // endregion
    assertThat(suggested.toJava()).contains("oneOf(\"JFK\", \"LGA\")");
    assertThat(byReference.passed()).as(byReference.text()).isTrue();

    assertThat(report.results()).allMatch(result -> result.outcome() == Outcome.HELD);
    assertThat(table).contains("distribution within 0.2");
    assertThat(stored).isEqualTo(report);
    assertThatThrownBy(() -> expected.check(weather.select(0, 0)).orThrow())
        .isInstanceOf(ExpectationsFailedException.class)
        .hasMessageContainingAll("1000", "observed_at");
    assertThat(expected.check(weather.select(0, 2, 4)).undecided()).hasSize(2);
  }

  private static Instant latest(Dataset weather) {
    return weather.rows().map(row -> row.instant("observed_at")).max(naturalOrder()).orElseThrow();
  }

  private static Dataset departures() {
    Schema schema =
        Schema.builder()
            .required("origin", ColumnType.STRING)
            .required("departed_at", ColumnType.TIMESTAMP)
            .required("departure_delay", ColumnType.FLOAT64)
            .build();
    Instant left = Instant.parse("2024-07-01T11:55:00Z");
    return Dataset.builder(schema).add("JFK", left, -5.0).build();
  }
}
