package dev.mlops4j.data;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Instants as microseconds since 1970-01-01T00:00:00Z, the form in which the library holds and
 * compares time. What is finer than a microsecond is cut off towards the past.
 */
public final class Timestamps {

  private static final long MICROS_PER_SECOND = 1_000_000L;
  private static final int NANOS_PER_MICRO = 1_000;

  private Timestamps() {}

  /**
   * Microseconds since the epoch.
   *
   * @throws ArithmeticException if the instant is more than 292,000 years from the epoch
   */
  public static long toMicros(Instant instant) {
    long seconds = instant.getEpochSecond();
    long micros = instant.getNano() / NANOS_PER_MICRO;
    if (seconds < 0) {
      // The second in which a long's range begins is not wholly in it.
      seconds++;
      micros -= MICROS_PER_SECOND;
    }
    return Math.addExact(Math.multiplyExact(seconds, MICROS_PER_SECOND), micros);
  }

  /** The instant that many microseconds after the epoch. */
  public static Instant fromMicros(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  /** Microseconds since the epoch, rounded up, or the ends of a long's range. */
  static long ceilingMicros(Instant instant) {
    try {
      long micros = toMicros(instant);
      return fromMicros(micros).equals(instant) ? micros : Math.addExact(micros, 1);
    } catch (ArithmeticException e) {
      return instant.isBefore(Instant.EPOCH) ? Long.MIN_VALUE : Long.MAX_VALUE;
    }
  }
}
