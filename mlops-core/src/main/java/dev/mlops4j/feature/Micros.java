package dev.mlops4j.feature;

import dev.mlops4j.data.Timestamps;
import java.time.Duration;
import java.time.Instant;

/** Arithmetic on microseconds that stays at the ends of time instead of passing them. */
final class Micros {

  /** What is wrong with a moment that is no time. */
  static final String BEYOND =
      "is beyond the 292,000 years before and after 1970 that are kept to the microsecond";

  private static final long MAX_SECONDS = Long.MAX_VALUE / 1_000_000L;

  private Micros() {}

  /** Whole microseconds. */
  static long of(Duration duration) {
    return Math.addExact(
        Math.multiplyExact(duration.getSeconds(), 1_000_000L), duration.getNano() / 1_000);
  }

  /** Microseconds since the epoch; what is beyond the ends of time is at them. */
  static long of(Instant instant) {
    try {
      return Timestamps.toMicros(instant);
    } catch (ArithmeticException e) {
      return instant.isAfter(Instant.EPOCH) ? Long.MAX_VALUE : Long.MIN_VALUE;
    }
  }

  /**
   * Microseconds since the epoch of a moment that a question is about.
   *
   * @throws FeatureDataException if it is beyond the ends of time
   */
  static long asked(FeatureView view, Instant at) {
    return asked(view.name(), at);
  }

  /** The same for the moment that a view or set of this name is asked about. */
  static long asked(String name, Instant at) {
    if (!isTime(at)) {
      throw new FeatureDataException(name, "the moment asked about is " + at + ", which " + BEYOND);
    }
    return of(at);
  }

  /**
   * The moment that a question asked of the history is about: of what is asked after it was read,
   * nothing later is known.
   */
  static Instant capped(Instant at, Instant asOf) {
    return at.isAfter(asOf) ? asOf : at;
  }

  /** Whether it is a number of microseconds. */
  static boolean isTime(Instant instant) {
    return Math.abs(instant.getEpochSecond()) < MAX_SECONDS;
  }

  static boolean isWhole(Duration duration) {
    return duration.getNano() % 1_000 == 0 && Math.abs(duration.getSeconds()) < (1L << 42);
  }

  static long plus(long t, long positive) {
    long sum = t + positive;
    return sum < t ? Long.MAX_VALUE : sum;
  }

  static long minus(long t, long positive) {
    long difference = t - positive;
    return difference > t ? Long.MIN_VALUE : difference;
  }
}
