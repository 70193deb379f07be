package dev.mlops4j.validation;

import dev.mlops4j.data.TimestampColumn;
import dev.mlops4j.data.Timestamps;
import java.time.Duration;
import java.time.Instant;

/** How old the latest instant of a column is. */
final class Freshness {

  private static final Instant FIRST = Timestamps.fromMicros(-Long.MAX_VALUE);
  private static final Instant LAST = Timestamps.fromMicros(Long.MAX_VALUE);

  private Freshness() {}

  static Finding check(TimestampColumn times, Duration age, Instant now, boolean sensitive) {
    long end = micros(now);
    long latest = Long.MIN_VALUE;
    boolean any = false;
    for (int row = 0; row < times.size(); row++) {
      if (!times.isMissing(row) && times.microsAt(row) <= end) {
        latest = Math.max(latest, times.microsAt(row));
        any = true;
      }
    }
    if (!any) {
      return Finding.of(false, "no instant up to " + now);
    }
    Instant last = Timestamps.fromMicros(latest);
    Duration found = Duration.between(last, now);
    boolean holds = found.compareTo(age) <= 0;
    return Finding.of(
        holds,
        sensitive ? (holds ? "" : "the latest is older") : last + ", " + found + " before " + now);
  }

  /** The instant that much later, or the last one there is. */
  static Instant later(Instant instant, Duration duration) {
    return duration.compareTo(Duration.between(instant, Instant.MAX)) > 0
        ? Instant.MAX
        : instant.plus(duration);
  }

  /** No column holds an instant beyond what microseconds can tell. */
  static long micros(Instant instant) {
    if (instant.isBefore(FIRST)) {
      return Long.MIN_VALUE;
    }
    return instant.isAfter(LAST) ? Long.MAX_VALUE : Timestamps.toMicros(instant);
  }
}
