package dev.mlops4j.monitoring.statistics;

/**
 * Pearson's chi-square test of two samples, {@code sum (observed - expected)^2 / expected} over the
 * 2 x K table of categories, without continuity correction (K. Pearson, 1900). Assumes independent
 * rows, and both samples random: to test the current one against the reference's shares as if these
 * were exact, as Evidently does, alarms far too often unless the reference is much larger.
 *
 * <p>The p-value is that of the limit, the chi-square distribution with K - 1 degrees of freedom:
 * it is close where every category is expected at least 5 times in the smaller sample ({@link
 * #ofFrequent} sees to that). Categories in neither sample do not count; with one category p is 1.
 * As {@code scipy.stats.chi2_contingency(table, correction=False)}. Cost: linear in the categories.
 */
public final class ChiSquare {

  /** What {@link #ofFrequent} expects of a category in the smaller sample. */
  public static final double MIN_EXPECTED = 5;

  private ChiSquare() {}

  /** The test over all categories. */
  public static TestResult of(CategoryPair pair) {
    double n = pair.referenceSize();
    double m = pair.currentSize();
    double statistic = 0;
    int categories = 0;
    for (int i = 0; i < pair.size(); i++) {
      double both = (double) pair.referenceCount(i) + pair.currentCount(i);
      if (both > 0) {
        double inReference = both * n / (n + m);
        double inCurrent = both * m / (n + m);
        double difference = pair.referenceCount(i) - inReference;
        statistic += difference * difference * (1 / inReference + 1 / inCurrent);
        categories++;
      }
    }
    return new TestResult(
        statistic, categories < 2 ? 1 : Tails.chiSquare(statistic, categories - 1.0));
  }

  /**
   * The test after the categories that are expected less than {@link #MIN_EXPECTED} times in the
   * smaller sample were put together ({@link CategoryPair#withRareTogether}). If they are expected
   * less also together, the limit is not close for them: then the p-value is that of two tests by
   * Simes' procedure, {@link FisherExact} of the rare ones against the rest and the chi-square test
   * of the rest. The statistic is the chi-square of all.
   */
  public static TestResult ofFrequent(CategoryPair pair) {
    CategoryPair frequent = pair.withRareTogether(MIN_EXPECTED);
    TestResult test = of(frequent);
    int last = frequent.size() - 1;
    double smaller = Math.min(pair.referenceSize(), pair.currentSize());
    double all = (double) pair.referenceSize() + pair.currentSize();
    double both = (double) frequent.referenceCount(last) + frequent.currentCount(last);
    if (last == 0 || both * smaller / all >= MIN_EXPECTED) {
      return test;
    }
    double ofRare =
        FisherExact.of(
            frequent.referenceCount(last),
            pair.referenceSize() - frequent.referenceCount(last),
            frequent.currentCount(last),
            pair.currentSize() - frequent.currentCount(last));
    boolean restOnBothSides =
        frequent.referenceCount(last) < pair.referenceSize()
            && frequent.currentCount(last) < pair.currentSize();
    if (last == 1 || !restOnBothSides) {
      return new TestResult(test.statistic(), ofRare);
    }
    double ofRest = of(frequent.without(last)).p();
    double simes = Math.min(2 * Math.min(ofRare, ofRest), Math.max(ofRare, ofRest));
    return new TestResult(test.statistic(), Math.min(1, simes));
  }
}
