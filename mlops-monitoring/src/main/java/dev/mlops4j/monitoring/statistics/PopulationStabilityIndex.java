package dev.mlops4j.monitoring.statistics;

/**
 * The population stability index, {@code PSI = sum (q - p) ln(q / p)} over the categories, p their
 * shares of the reference and q of the current sample: Jeffreys' divergence (H. Jeffreys, 1946) as
 * credit scoring uses it (N. Siddiqi, "Credit Risk Scorecards", 2006, where 0.1 is a small and 0.25
 * a great change).
 *
 * <p>No test goes with it: without drift, rows independent, it is about {@code (k - 1)(1/n + 1/m)}
 * of k categories, so fixed thresholds give false alarms for small samples and many categories. Of
 * numbers it depends on the bins. Cost: linear in the categories.
 */
public final class PopulationStabilityIndex {

  /** What stands for an empty share in Evidently. */
  public static final double EMPTY_SHARE = 1e-4;

  private PopulationStabilityIndex() {}

  /** The index; infinite if a category is in one sample alone. */
  public static double of(CategoryPair pair) {
    double sum = 0;
    for (int i = 0; i < pair.size(); i++) {
      double p = pair.referenceShare(i);
      double q = pair.currentShare(i);
      sum += Divergences.relativeEntropy(p, q) + Divergences.relativeEntropy(q, p);
    }
    return sum;
  }

  /**
   * The index where a share of 0 counts as {@code emptyShare}; the others stay as they are. With
   * {@link #EMPTY_SHARE} it is Evidently's.
   *
   * @throws IllegalArgumentException if {@code emptyShare} is not between 0 and 1
   */
  public static double of(CategoryPair pair, double emptyShare) {
    Divergences.checkEmptyShare(emptyShare);
    double sum = 0;
    for (int i = 0; i < pair.size(); i++) {
      double p = Divergences.orElse(pair.referenceShare(i), emptyShare);
      double q = Divergences.orElse(pair.currentShare(i), emptyShare);
      sum += (q - p) * Math.log(q / p);
    }
    return sum;
  }
}
