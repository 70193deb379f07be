package dev.mlops4j.monitoring;

import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.math3.stat.interval.ConfidenceInterval;
import org.apache.commons.math3.stat.interval.WilsonScoreInterval;

/**
 * 95 % confidence intervals of figures over rows that are independent: Wilson's for shares,
 * DeLong's for the area under the ROC curve, the normal one for means. That rows of one window
 * resemble each other makes the true ones wider.
 */
final class Estimates {

  static final double CONFIDENCE = 0.95;

  /** The 97.5 % quantile of the normal distribution. */
  private static final double Z = 1.959963984540054;

  private Estimates() {}

  /** A share (E. B. Wilson, 1927); unknown without rows. */
  static Estimate ofShare(long part, long rows) {
    if (rows == 0 || rows > Integer.MAX_VALUE) {
      return rows == 0
          ? Estimate.unknown()
          : new Estimate((double) part / rows, Double.NaN, Double.NaN);
    }
    ConfidenceInterval interval =
        new WilsonScoreInterval().createInterval((int) rows, (int) part, CONFIDENCE);
    return new Estimate(
        (double) part / rows,
        Math.max(0, interval.getLowerBound()),
        Math.min(1, interval.getUpperBound()));
  }

  /** A mean, by its standard error; the interval is NaN with fewer than two rows. */
  static Estimate ofMean(double[] values) {
    double mean = Arrays.stream(values).average().orElse(Double.NaN);
    double half = Z * Math.sqrt(variance(values, mean) / values.length);
    return new Estimate(mean, mean - half, mean + half);
  }

  /** The root of a mean of squares: the interval is the root of that of the mean. */
  static Estimate ofRootMean(double[] squares) {
    Estimate mean = ofMean(squares);
    return new Estimate(
        Math.sqrt(mean.value()),
        Math.sqrt(Math.max(0, mean.low())),
        Math.sqrt(Math.max(0, mean.high())));
  }

  /**
   * The area under the ROC curve (E. DeLong, D. DeLong and D. Clarke-Pearson, 1988): the variances
   * of each row's share of rows of the other kind that it is placed right against. Where every row
   * is, that is 0, which says nothing of how sure the area is: it has no interval then. Cost: n log
   * n.
   */
  static Estimate ofAuc(double[] scores, double[] labels) {
    double[] yes = sorted(scores, labels, 1);
    double[] no = sorted(scores, labels, 0);
    double[] yesPlaced = Arrays.stream(yes).map(score -> below(no, score)).toArray();
    double[] noPlaced = Arrays.stream(no).map(score -> 1 - below(yes, score)).toArray();
    double auc = Arrays.stream(yesPlaced).average().orElse(Double.NaN);
    if (no.length == 0) {
      return Estimate.unknown();
    }
    double variance = variance(yesPlaced, auc) / yes.length + variance(noPlaced, auc) / no.length;
    if (variance == 0) {
      return new Estimate(auc, Double.NaN, Double.NaN);
    }
    double half = Z * Math.sqrt(variance);
    return new Estimate(auc, Math.max(0, auc - half), Math.min(1, auc + half));
  }

  /** A number of each row. */
  static double[] each(double[] predictions, double[] labels, RowFigure figure) {
    double[] all = new double[predictions.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = figure.of(predictions[i], labels[i]);
    }
    return all;
  }

  /** What a row adds to a mean. */
  @FunctionalInterface
  interface RowFigure {
    double of(double prediction, double label);
  }

  private static double[] sorted(double[] scores, double[] labels, double label) {
    double[] found = new double[scores.length];
    int n = 0;
    for (int i = 0; i < scores.length; i++) {
      if (labels[i] == label) {
        found[n++] = scores[i];
      }
    }
    double[] sorted = Arrays.copyOf(found, n);
    Arrays.sort(sorted);
    return sorted;
  }

  /** The share of the sorted numbers below this one, those equal to it counting one half. */
  private static double below(double[] sorted, double number) {
    int less = firstThat(sorted, number, false);
    int atMost = firstThat(sorted, number, true);
    return (less + atMost) / 2.0 / sorted.length;
  }

  /** The position of the first number that is not less, or that is greater. */
  private static int firstThat(double[] sorted, double number, boolean greater) {
    int from = 0;
    int to = sorted.length;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (sorted[middle] < number || (greater && sorted[middle] == number)) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  /** Of the sample; NaN with fewer than two values. */
  private static double variance(double[] values, double mean) {
    DoubleUnaryOperator square = value -> (value - mean) * (value - mean);
    return values.length < 2
        ? Double.NaN
        : Arrays.stream(values).map(square).sum() / (values.length - 1);
  }
}
