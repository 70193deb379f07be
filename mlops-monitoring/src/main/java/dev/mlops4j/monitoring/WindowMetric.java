package dev.mlops4j.monitoring;

import dev.mlops4j.evaluation.Interval;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A value of one window as it was found when the window was evaluated last. Immutable.
 *
 * @param name the metric or what a rule looks at
 * @param start the first instant of the window
 * @param end the first instant after it
 * @param value the value; NaN if it is not defined for these rows
 * @param around its 95 % confidence interval, or null if it has none
 * @param rows of how many rows it is
 */
public record WindowMetric(
    String name, Instant start, Instant end, double value, @Nullable Interval around, long rows) {

  /** The 95 % confidence interval, if there is one. */
  public Optional<Interval> interval() {
    return Optional.ofNullable(around);
  }
}
