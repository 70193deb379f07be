package dev.mlops4j.monitoring;

import dev.mlops4j.data.Timestamps;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.TimeUnit;

/**
 * Time cut into periods of equal length, numbered; one of them begins on Monday 1970-01-05T00:00Z,
 * so that weeks are those of ISO in UTC, as in profiles.
 */
record Periods(long lengthMicros) {

  private static final long ORIGIN = Timestamps.toMicros(Instant.parse("1970-01-05T00:00:00Z"));

  static Periods of(Duration length) {
    return new Periods(TimeUnit.MICROSECONDS.convert(length));
  }

  /** The number of the period that this instant is in. */
  long numberOf(Instant at) {
    return numberOf(Timestamps.toMicros(at));
  }

  long numberOf(long micros) {
    // Counted in two steps so that an instant near the limits of a long cannot overflow.
    long shift = Math.floorMod(ORIGIN, lengthMicros);
    return Math.floorDiv(micros, lengthMicros)
        - Math.floorDiv(ORIGIN, lengthMicros)
        + (Math.floorMod(micros, lengthMicros) >= shift ? 0 : -1);
  }

  long startMicros(long number) {
    return Math.addExact(ORIGIN, Math.multiplyExact(number, lengthMicros));
  }

  Instant start(long number) {
    return Timestamps.fromMicros(startMicros(number));
  }

  Duration length() {
    return Duration.of(lengthMicros, ChronoUnit.MICROS);
  }
}
