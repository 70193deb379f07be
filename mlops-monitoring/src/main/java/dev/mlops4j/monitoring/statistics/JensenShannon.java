package dev.mlops4j.monitoring.statistics;

/**
 * The Jensen-Shannon distance: the square root of the mean Kullback-Leibler divergence of both
 * samples from their mixture, {@code sqrt((KL(p, (p+q)/2) + KL(q, (p+q)/2)) / 2)}, a metric (J.
 * Lin, "Divergence measures based on the Shannon entropy", 1991; D. M. Endres, J. E. Schindelin,
 * 2003). Symmetric, and finite also where a category is in one sample alone.
 *
 * <p>No test goes with it; without drift, rows independent, its square is about {@code (k - 1)(1/n
 * + 1/m)/8} of k categories. Cost: linear in the categories.
 */
public final class JensenShannon {

  private JensenShannon() {}

  /**
   * In nats, 0 to {@code sqrt(ln 2)}: as {@code scipy.spatial.distance.jensenshannon(p, q)} and
   * Evidently.
   */
  public static double distance(CategoryPair pair) {
    double sum = 0;
    for (int i = 0; i < pair.size(); i++) {
      double p = pair.referenceShare(i);
      double q = pair.currentShare(i);
      double middle = (p + q) / 2;
      sum += Divergences.relativeEntropy(p, middle) + Divergences.relativeEntropy(q, middle);
    }
    return Math.sqrt(sum / 2);
  }

  /** In bits, 0 to 1: as {@code jensenshannon(p, q, base=2)}. */
  public static double distanceInBits(CategoryPair pair) {
    return distance(pair) / Math.sqrt(Math.log(2));
  }
}
