package dev.mlops4j.pipeline;

import dev.mlops4j.data.Timestamps;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Every so often, counted from an instant in both directions. */
record IntervalTiming(Duration interval, Instant anchor) implements Timing {

  static final String PREFIX = "every ";

  private static final Duration LEAST = Duration.ofSeconds(1);

  /** A longer one in nanoseconds may be no long. */
  private static final Duration MOST = Duration.ofDays(100_000);

  private static final String FROM = " from ";

  IntervalTiming {
    if (interval.compareTo(LEAST) < 0 || interval.compareTo(MOST) > 0) {
      throw new InvalidScheduleException(
          "every(" + interval + ") is not accepted: the interval is from " + LEAST + " to " + MOST);
    }
    anchor = Timestamps.fromMicros(Timestamps.toMicros(anchor));
  }

  static IntervalTiming parse(String text) {
    int from = text.indexOf(FROM);
    try {
      return new IntervalTiming(
          Duration.parse(text.substring(PREFIX.length(), from)),
          Instant.parse(text.substring(from + FROM.length())));
    } catch (DateTimeException | IndexOutOfBoundsException e) {
      throw new InvalidScheduleException("\"" + text + "\" is no interval", e);
    }
  }

  @Override
  public Optional<Instant> next(Instant after) {
    return Optional.of(at(turn(after) + 1));
  }

  @Override
  public Optional<Instant> latest(Instant upTo) {
    return Optional.of(at(turn(upTo)));
  }

  @Override
  public String text() {
    return PREFIX + interval + FROM + anchor;
  }

  private long turn(Instant instant) {
    long since = Timestamps.toMicros(instant) - Timestamps.toMicros(anchor);
    return Math.floorDiv(since, micros());
  }

  private Instant at(long turn) {
    return Timestamps.fromMicros(Timestamps.toMicros(anchor) + Math.multiplyExact(turn, micros()));
  }

  private long micros() {
    return interval.toNanos() / 1_000;
  }
}
