package dev.mlops4j.monitoring.statistics;

/**
 * The two-sample Cramer-von Mises test (T. W. Anderson, "On the distribution of the two-sample
 * Cramer-von Mises criterion", 1962): the mean squared distance of the two empirical distribution
 * functions over the numbers of both samples. Sees differences all over the distribution, where
 * {@link KolmogorovSmirnov} sees the greatest alone. Assumes independent rows; ties get their mean
 * rank.
 *
 * <p>The p-value is that of the limit, at the statistic scaled to the limit's mean and variance, as
 * {@code scipy.stats.cramervonmises_2samp(..., method="asymptotic")}: close from some 20 rows on.
 * scipy stops its series at terms of 1e-7; here the tail has all its digits. Cost: linear in the
 * distinct numbers.
 */
public final class CramerVonMises {

  private CramerVonMises() {}

  /**
   * The statistic T and the p-value of the limit.
   *
   * @throws IllegalArgumentException if a sample has fewer than 2 numbers
   */
  public static TestResult of(NumericPair pair) {
    double n = pair.referenceSize();
    double m = pair.currentSize();
    if (n < 2 || m < 2) {
      throw new IllegalArgumentException(
          "the Cramer-von Mises test takes at least 2 numbers of each sample, found "
              + pair.referenceSize()
              + " and "
              + pair.currentSize());
    }
    double all = n + m;
    double product = n * m;
    double statistic = statistic(pair);
    double mean = (1 + 1 / all) / 6;
    double variance =
        (all + 1)
            * (4 * product * all - 3 * (n * n + m * m) - 2 * product)
            / (45 * all * all * 4 * product);
    double scaled = 1.0 / 6 + (statistic - mean) / Math.sqrt(45 * variance);
    return new TestResult(statistic, CramerVonMisesLimit.survival(scaled));
  }

  /**
   * Of c rows of one sample with one number, whose ranks in the sample go from a + 1 to a + c and
   * whose common rank is r, the squares {@code (r - rank)^2} add up to {@code c (r - a - (c + 1) /
   * 2)^2 + (c^3 - c) / 12}.
   */
  private static double statistic(NumericPair pair) {
    double n = pair.referenceSize();
    double m = pair.currentSize();
    double reference = 0;
    double current = 0;
    long below = 0;
    long referenceBelow = 0;
    long currentBelow = 0;
    for (int i = 0; i < pair.size(); i++) {
      long first = pair.referenceCount(i);
      long second = pair.currentCount(i);
      double rank = below + (first + second + 1) / 2.0;
      reference += squares((double) first, rank - referenceBelow);
      current += squares((double) second, rank - currentBelow);
      below += first + second;
      referenceBelow += first;
      currentBelow += second;
    }
    double all = n + m;
    return (n * reference + m * current) / (n * m * all) - (4 * n * m - 1) / (6 * all);
  }

  private static double squares(double count, double rank) {
    double distance = rank - (count + 1) / 2;
    return count * distance * distance + (count * count * count - count) / 12;
  }
}
