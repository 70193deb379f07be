package dev.mlops4j.examples.flights;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A flight out of New York; a row of {@code flights.csv.gz}.
 *
 * @param scheduledDeparture when it was to leave
 * @param scheduledArrival when it was to arrive
 * @param carrier the airline's two letters
 * @param flight the flight's number, not unique
 * @param origin EWR, JFK or LGA
 * @param destination the airport it flew to
 * @param distanceMiles how far that is
 * @param departureDelay minutes; negative is early, null never departed, or not yet
 * @param arrivalDelay minutes; negative is early, null never arrived, or not yet
 */
public record Flight(
    Instant scheduledDeparture,
    Instant scheduledArrival,
    String carrier,
    int flight,
    String origin,
    String destination,
    int distanceMiles,
    @Nullable Integer departureDelay,
    @Nullable Integer arrivalDelay) {

  private static final int LATE_MINUTES = 15;

  /** What tells this flight from all others of the year. */
  public String id() {
    return carrier + flight + "-" + origin + "-" + scheduledDeparture;
  }

  /** When it left, or null if it never did. */
  public @Nullable Instant departedAt() {
    return departureDelay == null
        ? null
        : scheduledDeparture.plus(Duration.ofMinutes(departureDelay));
  }

  /** When it arrived, or null if it never did. */
  public @Nullable Instant arrivedAt() {
    return arrivalDelay == null ? null : scheduledArrival.plus(Duration.ofMinutes(arrivalDelay));
  }

  /** Whether it arrived more than a quarter of an hour late, or null if it never arrived. */
  public @Nullable Boolean late() {
    return arrivalDelay == null ? null : arrivalDelay > LATE_MINUTES;
  }

  /** This flight as it is known before it leaves: without its delays. */
  public Flight asScheduled() {
    return new Flight(
        scheduledDeparture,
        scheduledArrival,
        carrier,
        flight,
        origin,
        destination,
        distanceMiles,
        null,
        null);
  }
}
