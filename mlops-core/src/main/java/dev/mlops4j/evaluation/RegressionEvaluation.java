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
 */
public record RegressionEvaluation(
    long rows,
    double meanAbsoluteError,
    double rootMeanSquaredError,
    double r2,
    double meanError,
    double meanPrediction,
    double meanActual)
    implements Evaluation {

  @Override
  public Map<String, Double> metrics() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("rmse", rootMeanSquaredError);
    metrics.put("mae", meanAbsoluteError);
    metrics.put("r2", r2);
    metrics.put("mean_error", meanError);
    metrics.put("mean_prediction", meanPrediction);
    metrics.put("mean_actual", meanActual);
    metrics.put("rows", (double) rows);
    return Collections.unmodifiableMap(metrics);
  }
}
