package dev.mlops4j.monitoring.statistics;

/**
 * The Kullback-Leibler divergence of the current sample from the reference, {@code KL = sum p ln(p
 * / q)} over the categories, p their shares of the reference and q of the current sample, in nats
 * (S. Kullback, R. A. Leibler, "On information and sufficiency", 1951). It is not symmetric, and
 * infinite if the current sample lacks a category. As {@code scipy.stats.entropy(p, q)}.
 *
 * <p>No test goes with it; without drift, rows independent, it is about {@code (k - 1)(1/n +
 * 1/m)/2} of k categories. Cost: linear in the categories.
 */
public final class KullbackLeibler {

  private KullbackLeibler() {}

  /** The divergence; infinite if the current sample lacks a category of the reference. */
  public static double of(CategoryPair pair) {
    double sum = 0;
    for (int i = 0; i < pair.size(); i++) {
      sum += Divergences.relativeEntropy(pair.referenceShare(i), pair.currentShare(i));
    }
    return sum;
  }

  /**
   * The divergence where a share of 0 counts as {@code emptyShare}, after which the shares are
   * scaled to add up to 1 again, as Evidently does with {@link
   * PopulationStabilityIndex#EMPTY_SHARE}.
   *
   * @throws IllegalArgumentException if {@code emptyShare} is not between 0 and 1
   */
  public static double of(CategoryPair pair, double emptyShare) {
    Divergences.checkEmptyShare(emptyShare);
    double all = 0;
    double allCurrent = 0;
    for (int i = 0; i < pair.size(); i++) {
      all += Divergences.orElse(pair.referenceShare(i), emptyShare);
      allCurrent += Divergences.orElse(pair.currentShare(i), emptyShare);
    }
    double sum = 0;
    for (int i = 0; i < pair.size(); i++) {
      double p = Divergences.orElse(pair.referenceShare(i), emptyShare) / all;
      double q = Divergences.orElse(pair.currentShare(i), emptyShare) / allCurrent;
      sum += Divergences.relativeEntropy(p, q);
    }
    return sum;
  }
}
