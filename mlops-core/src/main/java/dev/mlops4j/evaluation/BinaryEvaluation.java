package dev.mlops4j.evaluation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How good probabilities of a yes were.
 *
 * <p>A prediction counts as yes when its score is greater than the threshold, {@link #THRESHOLD}
 * unless another was asked for, as in scikit-learn and XGBoost: a score of exactly 0.5 is a no.
 *
 * @param truePositives predicted yes, came true
 * @param falsePositives predicted yes, did not come true
 * @param trueNegatives predicted no, did not come true
 * @param falseNegatives predicted no, came true
 * @param auc the area under the ROC curve: the probability that a random yes has a higher score
 *     than a random no, a tie counting one half, from exact counts of pairs; NaN when all labels
 *     are the same
 * @param averagePrecision the precision at each distinct score, weighted by the recall that it
 *     adds, without interpolation; NaN when no label is yes
 * @param logLoss the mean negative natural logarithm of the probability given to what came true,
 *     which is raised to at least 2^-52 and lowered to at most 1 - 2^-52, as scikit-learn does for
 *     64-bit floats
 * @param brier the mean squared difference of score and label
 * @param meanPrediction the mean of the scores
 * @param calibrationError the expected calibration error in ten bins of equal width, each with its
 *     upper end: the mean distance of the mean score of a bin from the share of yes in it, weighted
 *     by rows
 * @param threshold the score above which a prediction counts as yes
 * @param intervals 95 % confidence intervals by the names of {@link #metrics}: Wilson's of shares
 *     and, by the share that it is made of, of F1; in their logit, DeLong's of the AUC and that of
 *     the linearization of the average precision; the normal approximation of the means (log loss,
 *     Brier score, mean prediction). The calibration error has none: chance alone raises it, so
 *     that an interval around it would not hold the true one. Counts have none. Left out is what
 *     the rows do not tell, such as that of an AUC of 1
 */
public record BinaryEvaluation(
    long truePositives,
    long falsePositives,
    long trueNegatives,
    long falseNegatives,
    double auc,
    double averagePrecision,
    double logLoss,
    double brier,
    double meanPrediction,
    double calibrationError,
    double threshold,
    Map<String, Interval> intervals)
    implements Evaluation {

  /** The score above which a prediction counts as yes, unless stated. */
  public static final double THRESHOLD = 0.5;

  /** Copies the intervals. */
  public BinaryEvaluation {
    intervals = Collections.unmodifiableMap(new LinkedHashMap<>(intervals));
  }

  @Override
  public long rows() {
    return positives() + trueNegatives + falsePositives;
  }

  /** How many labels are yes. */
  public long positives() {
    return truePositives + falseNegatives;
  }

  /** The share of yes among the labels. */
  public double actualShare() {
    return share(positives(), rows());
  }

  /** The share of predictions that came true. */
  public double accuracy() {
    return share(truePositives + trueNegatives, rows());
  }

  /** The share of the predicted yes that came true; NaN when none was predicted. */
  public double precision() {
    return share(truePositives, truePositives + falsePositives);
  }

  /** The share of the true yes that was predicted; NaN when there is none. */
  public double recall() {
    return share(truePositives, positives());
  }

  /** The harmonic mean of precision and recall; NaN when no yes was predicted nor came true. */
  public double f1() {
    return share(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives);
  }

  @Override
  public Map<String, Double> metrics() {
    Map<String, Double> metrics = new LinkedHashMap<>();
    metrics.put("auc", auc);
    metrics.put("log_loss", logLoss);
    metrics.put("accuracy", accuracy());
    metrics.put("brier", brier);
    metrics.put("average_precision", averagePrecision);
    metrics.put("precision", precision());
    metrics.put("recall", recall());
    metrics.put("f1", f1());
    metrics.put("calibration_error", calibrationError);
    metrics.put("mean_prediction", meanPrediction);
    metrics.put("actual_share", actualShare());
    metrics.put("rows", (double) rows());
    metrics.put("positives", (double) positives());
    metrics.put("true_positives", (double) truePositives);
    metrics.put("false_positives", (double) falsePositives);
    metrics.put("true_negatives", (double) trueNegatives);
    metrics.put("false_negatives", (double) falseNegatives);
    return Collections.unmodifiableMap(metrics);
  }

  private static double share(long part, long whole) {
    return (double) part / whole;
  }
}
