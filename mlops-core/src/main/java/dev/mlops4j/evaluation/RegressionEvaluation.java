package dev.mlops4j.evaluation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

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
 * @param intervals 95 % confidence intervals by the names of {@link #metrics}, by the normal
 *     approximation; that of the RMSE is the root of that of the mean squared error
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
    Map<String, Interval> intervals)
    implements Evaluation {

  /** Copies the intervals. */
  public RegressionEvaluation {
    intervals = Collections.unmodifiableMap(new LinkedHashMap<>(intervals));
  }

  /**
   * The quantile loss, also called pinball loss: the mean of {@code quantile} times how far a
   * prediction is too low, or {@code 1 - quantile} times how far it is too high. Least for
   * predictions of that quantile; half the mean absolute error for the median.
   *
   * @param quantile more than 0 and less than 1
   * @throws EvaluationException if it is not
   */
  public double pinballLoss(double quantile) {
    if (!(quantile > 0 && quantile < 1)) {
      throw new EvaluationException("a quantile is more than 0 and less than 1, found " + quantile);
    }
    // An error e costs |e|/2 + (1/2 - quantile) e, whatever its sign.
    return meanAbsoluteError / 2 + (0.5 - quantile) * meanError;
  }

  @Override
  public Map<String, Double> metrics() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("rmse", rootMeanSquaredError);
    metrics.put("mae", meanAbsoluteError);
    metrics.put("r2", r2);
    metrics.put("mape", meanAbsolutePercentageError);
    metrics.put("mean_error", meanError);
    metrics.put("mean_prediction", meanPrediction);
    metrics.put("mean_actual", meanActual);
    metrics.put("rows", (double) rows);
    return Collections.unmodifiableMap(metrics);
  }
}
