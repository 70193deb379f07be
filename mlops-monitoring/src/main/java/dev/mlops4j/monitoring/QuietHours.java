package dev.mlops4j.monitoring;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;

/** Hours of each day, by the clocks of a zone; {@code to} is excluded and may be past midnight. */
record QuietHours(LocalTime from, LocalTime to, ZoneId zone) {

  boolean contains(Instant instant) {
    LocalTime time = LocalTime.ofInstant(instant, zone);
    boolean fromOn = !time.isBefore(from);
    boolean beforeTo = time.isBefore(to);
    return from.isBefore(to) ? fromOn && beforeTo : fromOn || beforeTo;
  }

  @Override
  public String toString() {
    return from + " to " + to + " in " + zone;
  }
}
