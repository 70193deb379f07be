package dev.mlops4j.profile;

import java.time.Instant;

/**
 * From when to when the instants of a column reach.
 *
 * @param earliest the first instant
 * @param latest the last instant; not before {@code earliest}
 */
public record TimeSummary(Instant earliest, Instant latest) {

  /**
   * Checks the order.
   *
   * @throws IllegalArgumentException if {@code latest} is before {@code earliest}
   */
  public TimeSummary {
    if (latest.isBefore(earliest)) {
      throw new IllegalArgumentException("latest " + latest + " is before earliest " + earliest);
    }
  }

  TimeSummary merge(TimeSummary other) {
    return new TimeSummary(
        other.earliest.isBefore(earliest) ? other.earliest : earliest,
        other.latest.isAfter(latest) ? other.latest : latest);
  }
}
