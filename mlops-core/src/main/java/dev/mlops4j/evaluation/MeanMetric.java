package dev.mlops4j.evaluation;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The mean of a number that each prediction has, such as what it cost. Immutable; depends on the
 * numbers alone, not on their order.
 *
 * @param rows how many numbers there are; at least 1
 * @param mean their mean
 * @param around its 95 % confidence interval, or null if there are fewer than two numbers or they
 *     are all the same: then they do not say how much others would differ
 */
public record MeanMetric(long rows, double mean, @Nullable Interval around) {

  /**
   * The mean of these, with an interval by the normal approximation.
   *
   * @param values one number for each prediction; not changed
   * @throws EvaluationException if there are none, or one is NaN or infinite; the message names the
   *     first such row
   */
  public static MeanMetric of(double[] values) {
    if (values.length == 0) {
      throw new EvaluationException("nothing to evaluate: there are no rows; give at least one");
    }
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new EvaluationException(
            "a metric is the mean of finite numbers, found " + values[i] + " in row " + i);
      }
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return ofSorted(sorted);
  }

  /** The same of numbers in ascending order. */
  static MeanMetric ofSorted(double[] values) {
    CompensatedSum sum = new CompensatedSum();
    for (double value : values) {
      sum.add(value);
    }
    double mean = sum.value() / values.length;
    if (values.length < 2 || values[0] == values[values.length - 1]) {
      return new MeanMetric(values.length, mean, null);
    }
    CompensatedSum squares = new CompensatedSum();
    for (double value : values) {
      squares.add((value - mean) * (value - mean));
    }
    double error = Math.sqrt(squares.value() / (values.length - 1.0) / values.length);
    return new MeanMetric(values.length, mean, Interval.around(mean, error));
  }

  /** The 95 % confidence interval of the mean, if there is one. */
  public Optional<Interval> interval() {
    return Optional.ofNullable(around);
  }
}
