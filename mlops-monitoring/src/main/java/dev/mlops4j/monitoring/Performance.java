package dev.mlops4j.monitoring;

import dev.mlops4j.evaluation.BinaryEvaluation;
import dev.mlops4j.evaluation.Evaluation;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How good the predictions of a window were, as far as their outcomes are known. Immutable.
 *
 * @param rows how many predictions were asked
 * @param labelled how many of them have an outcome
 * @param predicted the mean of the labelled predictions: of a binary model the predicted share; NaN
 *     without any, and of a multiclass model
 * @param actual the mean of their outcomes: of a binary model the actual share; NaN as above
 * @param evaluated the metrics of the labelled ones, or null if there are none or the task has none
 */
public record Performance(
    long rows, long labelled, double predicted, double actual, @Nullable Evaluation evaluated) {

  /** The share of the predictions whose outcome is known; NaN without predictions. */
  public double coverage() {
    return (double) labelled / rows;
  }

  /** The metrics of the labelled predictions. */
  public Optional<Evaluation> evaluation() {
    return Optional.ofNullable(evaluated);
  }

  /** Of a binary model the share of predictions that came true; else NaN. */
  public double accuracy() {
    return evaluated instanceof BinaryEvaluation binary ? binary.accuracy() : Double.NaN;
  }

  /** Of a binary model the area under the ROC curve; NaN if the outcomes are all the same. */
  public double auc() {
    return evaluated instanceof BinaryEvaluation binary ? binary.auc() : Double.NaN;
  }

  /** Of a binary model the mean negative log-likelihood; else NaN. */
  public double logLoss() {
    return evaluated instanceof BinaryEvaluation binary ? binary.logLoss() : Double.NaN;
  }
}
