package dev.mlops4j.examples.flights;

import dev.mlops4j.validation.Expectations;
import java.time.Instant;
import java.util.List;

/** What the data must fulfil before anything is trained on it. */
final class FlightChecks {

  private static final List<String> ORIGINS = List.of("EWR", "JFK", "LGA");

  private static final List<String> CARRIERS =
      List.of(
          "9E", "AA", "AS", "B6", "DL", "EV", "F9", "FL", "HA", "MQ", "OO", "UA", "US", "VX", "WN",
          "YV");

  private FlightChecks() {}

  /** The flights scheduled in a period. */
  static Expectations flights(Instant from, Instant to) {
    return Expectations.named("flights")
        .rowCount(100_000, 400_000)
        .unique("scheduled_departure", "carrier", "flight", "origin")
        .column("scheduled_departure", c -> c.inPeriod(from, to))
        .column("carrier", c -> c.nullShareAtMost(0).oneOf(CARRIERS))
        .column("origin", c -> c.nullShareAtMost(0).oneOf(ORIGINS))
        .column("destination", c -> c.nullShareAtMost(0).matches("[A-Z]{3}"))
        .column("distance_miles", c -> c.nullShareAtMost(0).between(1, 6_000))
        .column("departure_delay", c -> c.nullShareAtMost(0.05).between(-120, 2_000))
        .column("arrival_delay", c -> c.nullShareAtMost(0.05).between(-180, 2_000))
        .build();
  }

  /** The readings of a period. */
  static Expectations weather(Instant from, Instant to) {
    return Expectations.named("weather")
        .rowCount(1_000, 30_000)
        .unique("origin", "observed_at")
        .column("origin", c -> c.oneOf(ORIGINS))
        .column("observed_at", c -> c.inPeriod(from, to))
        .column("temperature", c -> c.nullShareAtMost(0.01).between(-40, 130))
        .column("wind_speed", c -> c.nullShareAtMost(0.01).between(0, 100))
        .column("precipitation", c -> c.nullShareAtMost(0.01).between(0, 10))
        .column("visibility", c -> c.nullShareAtMost(0.01).between(0, 10))
        .column("pressure", c -> c.nullShareAtMost(0.2).between(900, 1_100))
        .column("humidity", c -> c.nullShareAtMost(0.01).between(0, 100))
        .build();
  }
}
