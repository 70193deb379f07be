package dev.mlops4j.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * When something is planned, such as a schedule's work. Immutable, safe for any number of threads.
 *
 * <pre>{@code
 * Timing mondays = Timing.cron("0 3 * * MON", ZoneId.of("America/New_York"));
 * Instant next = mondays.next(clock.instant()).orElseThrow();
 * }</pre>
 */
public sealed interface Timing permits CronTiming, IntervalTiming {

  /**
   * By a cron expression, as {@link Schedule.Builder#cron} describes it.
   *
   * @throws InvalidScheduleException if the expression is wrong, with the field; or if it never
   *     comes
   */
  static Timing cron(String expression, ZoneId zone) {
    return CronTiming.of(expression, zone);
  }

  /**
   * Every so often, counted from an instant in both directions.
   *
   * @throws InvalidScheduleException if the interval is shorter than a second or longer than
   *     100,000 days
   */
  static Timing every(Duration interval, Instant anchor) {
    return new IntervalTiming(interval, anchor);
  }

  /** The first planned time after this instant, or empty if there is none. */
  Optional<Instant> next(Instant after);

  /** The last planned time at or before this instant, or empty if there is none. */
  Optional<Instant> latest(Instant upTo);

  /** The form that {@link #parse} reads; equal for equal timings. */
  String text();

  /**
   * Reads what {@link #text} gave.
   *
   * @throws InvalidScheduleException if it is something else
   */
  static Timing parse(String text) {
    if (text.startsWith(CronTiming.PREFIX)) {
      return CronTiming.parse(text);
    }
    if (text.startsWith(IntervalTiming.PREFIX)) {
      return IntervalTiming.parse(text);
    }
    throw new InvalidScheduleException(
        "\""
            + text
            + "\" is no timing that this library knows; a newer one may have stored it: update the"
            + " library");
  }
}
