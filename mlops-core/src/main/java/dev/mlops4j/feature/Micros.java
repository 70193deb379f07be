package dev.mlops4j.feature;

import dev.mlops4j.data.Timestamps;
import java.time.Duration;
import java.time.Instant;

/** Arithmetic on microseconds that stays at the ends of time instead of passing them. */
final class Micros {

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
