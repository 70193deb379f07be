package dev.mlops4j.monitoring.statistics;

/**
 * The probability that a number of the current sample is greater than one of the reference, ties
 * counting one half, and the test that it is one half (H. B. Mann, D. R. Whitney, 1947): for scores
 * of a classifier, its area under the ROC curve. Sees only where numbers lie, not how they spread.
 *
 * <p>Assumes independent rows. The p-value is that of the normal limit with the variance corrected
 * for ties, without continuity correction, as {@code scipy.stats.mannwhitneyu(current, reference,
 * method="asymptotic", use_continuity=False)}, whose statistic is {@code n m} times this one: close
 * from some 8 rows a sample on. Cost: linear in the distinct numbers.
 */
public final class MannWhitney {

  private MannWhitney() {}

  /** The probability, 0 to 1, and the two-sided p-value; 0.5 and 1 if all numbers are the same. */
  public static TestResult of(NumericPair pair) {
    double n = pair.referenceSize();
    double m = pair.currentSize();
    double greater = 0;
    double ties = 0;
    long below = 0;
    for (int i = 0; i < pair.size(); i++) {
      greater += pair.currentCount(i) * (below + pair.referenceCount(i) / 2.0);
      below += pair.referenceCount(i);
      double both = (double) pair.referenceCount(i) + pair.currentCount(i);
      ties += both * both * both - both;
    }
    double all = n + m;
    double variance = n * m / 12 * (all + 1 - ties / (all * (all - 1)));
    double z = (greater - n * m / 2) / Math.sqrt(variance);
    return new TestResult(
        greater / (n * m), pair.size() < 2 ? 1 : Math.min(1, Tails.normalTwoSided(z)));
  }
}
