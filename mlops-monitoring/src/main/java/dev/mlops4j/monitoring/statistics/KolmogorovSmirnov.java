package dev.mlops4j.monitoring.statistics;

import org.jspecify.annotations.Nullable;

/**
 * The two-sample Kolmogorov-Smirnov test: the greatest distance of the two empirical distribution
 * functions, {@code D = max |F(x) - G(x)|}, 0 to 1 (A. N. Kolmogorov, 1933; N. V. Smirnov, 1939).
 *
 * <p>Sees differences of any kind, best those in the middle of the distribution. Assumes
 * independent rows of a continuous distribution: with ties D is still the greatest distance, and
 * the p-values of {@link #exact} and {@link #limit} are upper bounds (the test alarms less often
 * than it says); that of {@link #conditional} is exact given the ties.
 *
 * <p>Cost: linear in the distinct numbers for D and for the limit; the exact p-value takes the
 * product of the sample sizes in time, and the smaller of them in memory.
 */
public final class KolmogorovSmirnov {

  /** Up to this product of the sample sizes, {@link #of} takes the exact p-value. */
  public static final long EXACT_UP_TO = 1_000_000;

  private KolmogorovSmirnov() {}

  /** D, and the {@link #exact} p-value for small samples, for others the {@link #limit}'s. */
  public static TestResult of(NumericPair pair) {
    boolean small = (double) pair.referenceSize() * pair.currentSize() <= EXACT_UP_TO;
    return small ? exact(pair) : limit(pair);
  }

  /** D. */
  public static double distance(NumericPair pair) {
    return steps(pair) / ((double) pair.referenceSize() * pair.currentSize());
  }

  /**
   * D, and the probability that a random order of the rows of both samples gives at least D: that a
   * random path over the grid of n times m steps leaves the band (J. L. Hodges, "The significance
   * probability of the Smirnov two-sample test", 1958). It is summed from the probabilities of
   * leaving, which keeps the digits of the smallest ones. As {@code scipy.stats.ks_2samp(...,
   * method="exact")}.
   *
   * @throws IllegalArgumentException if the product of the sample sizes is over 1e9
   */
  public static TestResult exact(NumericPair pair) {
    checkSizes(pair);
    return exact(pair, null);
  }

  private static void checkSizes(NumericPair pair) {
    double product = (double) pair.referenceSize() * pair.currentSize();
    if (product > 1e9) {
      throw new IllegalArgumentException(
          "the exact p-value of samples of "
              + pair.referenceSize()
              + " and "
              + pair.currentSize()
              + " would take that many steps multiplied; take the limit");
    }
  }

  private static TestResult exact(NumericPair pair, boolean @Nullable [] ends) {
    int most = (int) Math.max(pair.referenceSize(), pair.currentSize());
    int least = (int) Math.min(pair.referenceSize(), pair.currentSize());
    return new TestResult(distance(pair), leaving(most, least, (long) steps(pair), ends));
  }

  /**
   * D, and the probability of at least D among all ways to deal the rows, with the ties that they
   * have, to two samples of these sizes (G. Schroeer, D. Trenkler, "Exact and randomization
   * distributions of Kolmogorov-Smirnov tests two or three samples", 1995). Without ties it is
   * {@link #exact}; with many it is smaller, and keeps the rate nevertheless: for numbers of few
   * values, of which {@code exact} sees too little. Not for bins that were made from one of the
   * samples. Costs what {@code exact} does.
   *
   * @throws IllegalArgumentException if the product of the sample sizes is over 1e9
   */
  public static TestResult conditional(NumericPair pair) {
    checkSizes(pair);
    boolean[] ends = new boolean[Math.toIntExact(pair.referenceSize() + pair.currentSize()) + 1];
    int rows = 0;
    for (int i = 0; i < pair.size(); i++) {
      rows += (int) (pair.referenceCount(i) + pair.currentCount(i));
      ends[rows] = true;
    }
    return exact(pair, ends);
  }

  /**
   * D, and the probability of it in the limit of large samples: Kolmogorov's distribution at {@code
   * D sqrt(n m / (n + m))}, as {@code scipy.stats.kstwobign.sf}. ({@code ks_2samp} with {@code
   * method="asymp"} differs: it rounds {@code n m / (n + m)} and takes the distribution of one
   * sample of that size.)
   */
  public static TestResult limit(NumericPair pair) {
    double n = pair.referenceSize();
    double m = pair.currentSize();
    double distance = distance(pair);
    return new TestResult(distance, Kolmogorov.survival(distance * Math.sqrt(n * m / (n + m))));
  }

  /** D in units of 1 / (n m), in which it is a whole number. */
  private static double steps(NumericPair pair) {
    double n = pair.referenceSize();
    double m = pair.currentSize();
    long first = 0;
    long second = 0;
    double most = 0;
    for (int i = 0; i < pair.size(); i++) {
      first += pair.referenceCount(i);
      second += pair.currentCount(i);
      most = Math.max(most, Math.abs(first * m - second * n));
    }
    return most;
  }

  /**
   * @param ends after how many rows of both samples the distribution functions are compared; null:
   *     after each
   */
  private static double leaving(int n, int m, long steps, boolean @Nullable [] ends) {
    if (steps == 0) {
      return 1;
    }
    double[] row = new double[m + 1];
    for (int i = 0; i <= n; i++) {
      for (int j = 0; j <= m; j++) {
        if ((ends == null || ends[i + j]) && Math.abs((long) i * m - (long) j * n) >= steps) {
          row[j] = 1;
        } else {
          double fromBelow = i == 0 ? 0 : row[j] * i;
          double fromLeft = j == 0 ? 0 : row[j - 1] * j;
          row[j] = (fromBelow + fromLeft) / Math.max(1, i + j);
        }
      }
    }
    return row[m];
  }
}
