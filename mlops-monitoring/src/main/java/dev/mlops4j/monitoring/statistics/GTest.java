package dev.mlops4j.monitoring.statistics;

/**
 * The likelihood-ratio test of two samples of categories, {@code G = 2 sum observed ln(observed /
 * expected)} over the 2 x K table (S. S. Wilks, 1938). Assumes independent rows. Close to {@link
 * ChiSquare}, with the same limit and cost; less close to the limit where categories are rare. As
 * {@code scipy.stats.chi2_contingency(table, correction=False, lambda_="log-likelihood")}.
 */
public final class GTest {

  private GTest() {}

  /** The test over all categories; with one category p is 1. */
  public static TestResult of(CategoryPair pair) {
    double n = pair.referenceSize();
    double m = pair.currentSize();
    double sum = 0;
    int categories = 0;
    for (int i = 0; i < pair.size(); i++) {
      double both = (double) pair.referenceCount(i) + pair.currentCount(i);
      if (both > 0) {
        sum += Divergences.relativeEntropy((double) pair.referenceCount(i), both * n / (n + m));
        sum += Divergences.relativeEntropy((double) pair.currentCount(i), both * m / (n + m));
        categories++;
      }
    }
    double statistic = 2 * sum;
    return new TestResult(
        statistic, categories < 2 ? 1 : Tails.chiSquare(statistic, categories - 1.0));
  }
}
