package dev.mlops4j.evaluation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How good predicted numbers were. An error is predicted minus actual.
 *
 * @param rows how many predictions were judged
 * @param meanAbsoluteError the mean of the errors' sizes, in the unit of the target
 * @param rootMeanSquaredError the square root of the mean squared error, in the unit of the target
 * @param r2 1 minus the squared errors over the squared distances of the actual values from their
 *     mean; NaN when all actual values are the same
 * @param meanError the mean of the errors: above 0, the predictions are too high
 * @param meanPrediction the mean of the predictions
 * @param meanActual the mean of the actual values
 * @param meanAbsolutePercentageError the mean of the errors' sizes over the actual values' sizes, 1
 *     for 100 %; as scikit-learn does, an actual value of 0 counts as 2^-52, so it is huge then
 * @param errorCovariance the covariance of the errors' sizes and the errors, as of a sample, which
 *     the interval of the {@linkplain #pinballLoss quantile loss} needs; NaN of one row
 * @param intervals 95 % confidence intervals by the names of {@link #metrics}, by the normal
 *     approximation of means; that of the RMSE is the root of that of the mean squared error, that
 *     of R2 by its linearization as a ratio of two means, at most 1. Of few rows, or values with
 *     heavy tails, they are too narrow. Left out is what the rows do not tell, such as of one row
 */
public record RegressionEvaluation(
    long rows,
    double meanAbsoluteError,
    double rootMeanSquaredError,
    double r2,
    double meanError,
    double meanPrediction,
    double meanActual,
    double meanAbsolutePercentageError,
    double errorCovariance,
    Map<String, Interval> intervals)
    implements Evaluation {

  /** Copies the intervals. */
  public RegressionEvaluation {
    intervals = Collections.unmodifiableMap(new LinkedHashMap<>(intervals));
  }

  /** Of these the {@linkplain #pinballLoss quantile loss} is among the metrics. */
  private static final double[] QUANTILES = {0.1, 0.9};

  /**
   * The quantile loss, also called pinball loss: the mean of {@code quantile} times how far a
   * prediction is too low, or {@code 1 - quantile} times how far it is too high. Least for
   * predictions of that quantile; half the mean absolute error for the median.
   *
   * @param quantile more than 0 and less than 1
   * @throws EvaluationException if it is not
   */
  public double pinballLoss(double quantile) {
    check(quantile);
    // An error e costs |e|/2 + (1/2 - quantile) e, whatever its sign.
    return meanAbsoluteError / 2 + (0.5 - quantile) * meanError;
  }

  /**
   * The 95 % confidence interval of the quantile loss, by the normal approximation.
   *
   * @param quantile as of {@link #pinballLoss}
   * @return empty if the rows do not tell, such as one row
   * @throws EvaluationException as {@link #pinballLoss}
   */
  public Optional<Interval> pinballInterval(double quantile) {
    check(quantile);
    double weight = 0.5 - quantile;
    double ofSize = standardError("mae");
    double ofError = standardError("mean_error");
    double variance =
        ofSize * ofSize / 4 + weight * weight * ofError * ofError + weight * errorCovariance / rows;
    double loss = pinballLoss(quantile);
    double error = Math.sqrt(variance);
    return error > Interval.ROUNDING * loss && error < Double.POSITIVE_INFINITY
        ? Optional.of(Interval.around(loss, error))
        : Optional.empty();
  }

  /** The same with the intervals of the quantile losses that are among the metrics. */
  RegressionEvaluation withPinballIntervals() {
    Map<String, Interval> all = new LinkedHashMap<>(intervals);
    for (double quantile : QUANTILES) {
      pinballInterval(quantile).ifPresent(found -> all.put(pinballName(quantile), found));
    }
    return new RegressionEvaluation(
        rows,
        meanAbsoluteError,
        rootMeanSquaredError,
        r2,
        meanError,
        meanPrediction,
        meanActual,
        meanAbsolutePercentageError,
        errorCovariance,
        all);
  }

  private static String pinballName(double quantile) {
    return "pinball_loss_" + quantile;
  }

  /** Of a mean; 0 where all rows are the same. */
  private double standardError(String mean) {
    Interval interval = intervals.get(mean);
    return interval == null ? 0 : (interval.upper() - interval.lower()) / (2 * Interval.Z);
  }

  private static void check(double quantile) {
    if (!(quantile > 0 && quantile < 1)) {
      throw new EvaluationException("a quantile is more than 0 and less than 1, found " + quantile);
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>The quantile loss is there as {@code pinball_loss_0.1} and {@code pinball_loss_0.9}, of the
   * bounds between which four in five values lie.
   */
  @Override
  public Map<String, Double> metrics() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("rmse", rootMeanSquaredError);
    metrics.put("mae", meanAbsoluteError);
    metrics.put("r2", r2);
    metrics.put("mape", meanAbsolutePercentageError);
    metrics.put("mean_error", meanError);
    for (double quantile : QUANTILES) {
      metrics.put(pinballName(quantile), pinballLoss(quantile));
    }
    metrics.put("mean_prediction", meanPrediction);
    metrics.put("mean_actual", meanActual);
    metrics.put("rows", (double) rows);
    return Collections.unmodifiableMap(metrics);
  }
}
