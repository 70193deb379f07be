package dev.mlops4j.feature;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.data.ColumnType.TIMESTAMP;
import static dev.mlops4j.feature.Aggregation.mean;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.RecordCodec;
import dev.mlops4j.feature.Flights.Flight;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FeatureDefinitionTest {

  @Test
  void aViewSaysAllThatIsWrongAtOnce() {
    assertThatThrownBy(
            () ->
                FeatureView.named("weather")
                    .key("origin", FLOAT64)
                    .ttl(Duration.ZERO)
                    .availableAfter(Duration.ofMinutes(-1))
                    .retention(Duration.ofHours(1))
                    .column("note", STRING)
                    .feature("wind", FLOAT64)
                    .feature("wind", FLOAT64)
                    .feature("mean_gust", mean("gust").over(Duration.ofHours(2)))
                    .feature("mean_note", mean("note").over(Duration.ofMinutes(5)))
                    .build())
        .isInstanceOf(FeatureDefinitionException.class)
        .hasMessageContaining("view \"weather\" cannot be built")
        .hasMessageContaining("key column \"origin\" is FLOAT64; a key is STRING, INT64 or BOOLEAN")
        .hasMessageContaining("ttl is PT0S; it is positive")
        .hasMessageContaining("availableAfter is PT-1M; it is zero or more")
        .hasMessageContaining("it has no event time")
        .hasMessageContaining("feature \"wind\" is declared twice")
        .hasMessageContaining("there is no column \"gust\"")
        .hasMessageContaining("column \"note\" is STRING; it must be FLOAT64")
        .hasMessageContaining("retention PT1H is shorter than the window of feature \"mean_gust\"");
  }

  @Test
  void aSettingOfAViewIsStatedOnce() {
    assertThatThrownBy(
            () ->
                FeatureView.named("weather")
                    .key("origin", STRING)
                    .feature("wind", FLOAT64)
                    .eventTime("a")
                    .eventTime("b")
                    .knownTime("c")
                    .knownTime("d")
                    .eventId("e")
                    .eventId("f")
                    .availableAfter(Duration.ZERO)
                    .availableAfter(Duration.ofMinutes(1))
                    .ttl(Duration.ofHours(1))
                    .ttl(Duration.ofHours(2))
                    .retention(Duration.ofHours(3))
                    .retention(Duration.ofHours(4))
                    .build())
        .isInstanceOf(FeatureDefinitionException.class)
        .hasMessageContaining("eventTime is stated twice: \"a\" and \"b\"")
        .hasMessageContaining("knownTime is stated twice: \"c\" and \"d\"")
        .hasMessageContaining("eventId is stated twice: \"e\" and \"f\"")
        .hasMessageContaining("availableAfter is stated twice: PT0S and PT1M")
        .hasMessageContaining("ttl is stated twice: PT1H and PT2H")
        .hasMessageContaining("retention is stated twice: PT3H and PT4H");
  }

  @Test
  void aSettingOfASetIsStatedOnce() {
    RecordCodec<Flight> codec = RecordCodec.of(Flight.class);
    assertThatThrownBy(
            () ->
                FeatureSet.named("set", Flight.class)
                    .at(Flight::scheduled)
                    .at(Flight::arrival)
                    .numeric("distance", Flight::distance)
                    .version("distance", 1)
                    .version("distance", 2)
                    .tolerance("distance", 0)
                    .tolerance("distance", 0.5)
                    .codec(codec)
                    .codec(codec)
                    .build())
        .isInstanceOf(FeatureDefinitionException.class)
        .hasMessageContaining("at(...) is stated twice")
        .hasMessageContaining("the version of feature \"distance\" is stated twice: 1 and 2")
        .hasMessageContaining("the tolerance of feature \"distance\" is stated twice: 0.0 and 0.5")
        .hasMessageContaining("codec(...) is stated twice");
  }

  @Test
  void aViewNeedsAKeyAndAFeature() {
    assertThatThrownBy(() -> FeatureView.named(" ").eventTime("t").build())
        .isInstanceOf(FeatureDefinitionException.class)
        .hasMessageContaining("it has no key")
        .hasMessageContaining("it has no feature")
        .hasMessageContaining("a name is not blank");
  }

  @Test
  void aWindowIsPositive() {
    assertThatThrownBy(() -> mean("delay").over(Duration.ofHours(-3)))
        .isInstanceOf(FeatureDefinitionException.class)
        .hasMessage("a window is positive, of whole microseconds, found PT-3H");
  }

  @Test
  void aSetSaysAllThatIsWrongAtOnce() {
    FeatureView times =
        FeatureView.named("times")
            .key("a", STRING)
            .key("b", STRING)
            .eventTime("t")
            .feature("seen", TIMESTAMP)
            .build();
    assertThatThrownBy(
            () ->
                FeatureSet.named("set", Flight.class)
                    .numeric("distance", Flight::distance)
                    .numeric("distance", Flight::distance)
                    .lookup(times, Flight::origin)
                    .version("distanse", 2)
                    .tolerance("distance", -1)
                    .build())
        .isInstanceOf(FeatureDefinitionException.class)
        .hasMessageContaining("feature set \"set\" cannot be built")
        .hasMessageContaining("feature \"distance\" is declared twice")
        .hasMessageContaining("it looks views up, so it must state when: at(...)")
        .hasMessageContaining("has a key of 2 columns, lookup \"times\" gives 1")
        .hasMessageContaining("version is stated for \"distanse\", which is no feature")
        .hasMessageContaining("tolerance of feature \"distance\" is -1.0");
  }

  @Test
  void aRequestThatIsNoRecordNeedsACodecOrTheWordThatThereIsNone() {
    assertThatThrownBy(
            () -> FeatureSet.named("set", String.class).numeric("length", String::length).build())
        .isInstanceOf(FeatureDefinitionException.class)
        .hasMessageContaining("java.lang.String is no record: give a codec(...)");
    assertThat(
            FeatureSet.named("set", String.class)
                .numeric("length", String::length)
                .withoutGoldenRows()
                .build()
                .features())
        .containsExactly("length");
  }

  @Test
  void aFingerprintIsOfTheDefinitionAndOfNothingElse() {
    assertThat(set(1, 3, 15).fingerprint()).isEqualTo(set(1, 3, 15).fingerprint());
    assertThat(set(1, 3, 15).fingerprint())
        .isNotEqualTo(set(2, 3, 15).fingerprint())
        .isNotEqualTo(set(1, 4, 15).fingerprint())
        .isNotEqualTo(set(1, 3, 16).fingerprint());
  }

  @Test
  void theCanonicalTextOfAViewIsWhatItWasWhenPackagesWereWritten() {
    assertThat(Flights.CONGESTION.definition())
        .isEqualTo(
            """
            feature-view 1
            name "congestion"
            key "origin" STRING
            event-time "departed_at"
            available-after-us 0
            column "departure_delay" FLOAT64
            feature "mean_delay_3h" FLOAT64 MEAN of "departure_delay" over-us 10800000000
            feature "departures_1h" INT64 COUNT of events over-us 3600000000
            """);
  }

  private static FeatureSet<Flight> set(int version, int hours, int minutes) {
    FeatureView view =
        FeatureView.named("weather")
            .key("origin", STRING)
            .eventTime("observed_at")
            .feature("wind_speed", FLOAT64)
            .ttl(Duration.ofHours(hours))
            .availableAfter(Duration.ofMinutes(minutes))
            .build();
    return FeatureSet.named("set", Flight.class)
        .at(Flight::scheduled)
        .numeric("distance", Flight::distance)
        .version("distance", version)
        .lookup(view, Flight::origin)
        .build();
  }

  @Test
  void twoViewsUnderOneAliasAreRefusedAlsoIfTheirFeaturesHaveOtherNames() {
    assertThatThrownBy(
            () ->
                FeatureSet.named("flights", Flights.Flight.class)
                    .at(Flights.Flight::scheduled)
                    .lookup(Flights.WEATHER.as("v"), Flights.Flight::origin)
                    .lookup(Flights.CONGESTION.as("v"), Flights.Flight::origin)
                    .build())
        .isInstanceOf(FeatureDefinitionException.class)
        .hasMessageContaining("two views are looked up as \"v\"");
  }
}
