package dev.mlops4j.feature;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.data.ColumnType.TIMESTAMP;
import static dev.mlops4j.feature.Aggregation.count;
import static dev.mlops4j.feature.Aggregation.mean;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Schema;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The design's example: flights, the weather at their origin and the traffic there. */
final class Flights {

  static final FeatureView WEATHER =
      FeatureView.named("weather")
          .key("origin", STRING)
          .eventTime("observed_at")
          .feature("wind_speed", FLOAT64)
          .ttl(Duration.ofHours(3))
          .availableAfter(Duration.ofMinutes(15))
          .build();

  static final FeatureView CONGESTION =
      FeatureView.named("congestion")
          .key("origin", STRING)
          .eventTime("departed_at")
          .column("departure_delay", FLOAT64)
          .feature("mean_delay_3h", mean("departure_delay").over(Duration.ofHours(3)))
          .feature("departures_1h", count().over(Duration.ofHours(1)))
          .build();

  static final FeatureSet<Flight> FEATURES =
      FeatureSet.named("flight_delay", Flight.class)
          .at(flight -> flight.scheduled().minus(Duration.ofHours(1)))
          .numeric("distance", Flight::distance)
          .categorical("carrier", Flight::carrier)
          .lookup(WEATHER.as("origin_weather"), Flight::origin)
          .lookup(CONGESTION, Flight::origin)
          .build();

  static final Target<Flight, Boolean> LATE =
      Target.binary("late", Flight::late).knownAt(Flight::arrival);

  record Flight(
      String origin,
      String carrier,
      double distance,
      Instant scheduled,
      @Nullable Boolean late,
      @Nullable Instant arrival) {}

  private Flights() {}

  static Instant at(String time) {
    return Instant.parse("2013-01-01T" + time + ":00Z");
  }

  static Flight flight(String carrier, String scheduled, @Nullable Boolean late) {
    return new Flight(
        "JFK", carrier, 187, at(scheduled), late, at(scheduled).plus(Duration.ofHours(3)));
  }

  static Dataset weather(Object... timesAndWinds) {
    DatasetBuilder rows =
        Dataset.builder(
            Schema.builder()
                .required("origin", STRING)
                .required("observed_at", TIMESTAMP)
                .optional("wind_speed", FLOAT64)
                .build());
    for (int i = 0; i < timesAndWinds.length; i += 2) {
      rows.add("JFK", at((String) timesAndWinds[i]), timesAndWinds[i + 1]);
    }
    return rows.build();
  }

  static Dataset departures(Object... timesAndDelays) {
    DatasetBuilder rows =
        Dataset.builder(
            Schema.builder()
                .required("origin", STRING)
                .required("departed_at", TIMESTAMP)
                .optional("departure_delay", FLOAT64)
                .build());
    for (int i = 0; i < timesAndDelays.length; i += 2) {
      rows.add("JFK", at((String) timesAndDelays[i]), timesAndDelays[i + 1]);
    }
    return rows.build();
  }
}
