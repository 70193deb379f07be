package dev.mlops4j.monitoring;

import dev.mlops4j.evaluation.Interval;
import org.jspecify.annotations.Nullable;

/**
 * A figure of a window and its 95 % confidence interval.
 *
 * @param value the figure; NaN if it is not defined
 * @param low where the interval begins; NaN if there is none
 * @param high where it ends; NaN if there is none
 */
record Estimate(double value, double low, double high) {

  static Estimate of(double value, @Nullable Interval interval) {
    return interval == null
        ? new Estimate(value, Double.NaN, Double.NaN)
        : new Estimate(value, interval.lower(), interval.upper());
  }

  static Estimate unknown() {
    return of(Double.NaN, null);
  }
}
