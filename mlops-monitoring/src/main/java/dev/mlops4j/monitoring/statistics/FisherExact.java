package dev.mlops4j.monitoring.statistics;

/**
 * Fisher's exact test of two shares (R. A. Fisher, 1935): holds its rate for the smallest samples,
 * given how many say yes in both together. Assumes independent rows, and nothing of their number.
 * Cost: linear in the least of the sizes, the yes of both and the no of both.
 */
public final class FisherExact {

  /** What is equal but for rounding is as probable. */
  private static final double TIES = 1 + 1e-7;

  private FisherExact() {}

  /**
   * Fisher's exact test, two-sided: the probability of the tables with the same margins that are at
   * most as probable as this one. Probabilities follow from each other by products, which keeps all
   * digits where differences of logarithms of factorials lose them. As {@code
   * scipy.stats.fisher_exact}.
   *
   * @throws IllegalArgumentException if a count is negative
   */
  public static double of(long yes1, long no1, long yes2, long no2) {
    if (Math.min(Math.min(yes1, no1), Math.min(yes2, no2)) < 0) {
      throw new IllegalArgumentException(
          "counts are 0 or more, found " + yes1 + ", " + no1 + ", " + yes2 + ", " + no2);
    }
    long row1 = yes1 + no1;
    long row2 = yes2 + no2;
    long yes = yes1 + yes2;
    long least = Math.max(0, yes - row2);
    long most = Math.min(yes, row1);
    long start = mode(row1, row2, yes);
    double observed = relative(start, yes1, row1, row2, yes);
    double limit = observed * TIES;
    double all = 1;
    double extreme = 1 <= limit ? 1 : 0;
    double weight = 1;
    for (long k = start; k < most && weight > 0; k++) {
      weight *= up(k, row1, row2, yes);
      all += weight;
      extreme += weight <= limit ? weight : 0;
    }
    weight = 1;
    for (long k = start; k > least && weight > 0; k--) {
      weight /= up(k - 1, row1, row2, yes);
      all += weight;
      extreme += weight <= limit ? weight : 0;
    }
    return Math.min(1, extreme / all);
  }

  /**
   * The largest p-value that a table can have that is no larger than this one, or 0; if so many say
   * yes in both samples together.
   */
  static double largestUpTo(double p, long row1, long row2, long yes) {
    long least = Math.max(0, yes - row2);
    int most = (int) (Math.min(yes, row1) - least);
    double[] weights = new double[most + 1];
    int mode = (int) (mode(row1, row2, yes) - least);
    weights[mode] = 1;
    double all = 1;
    for (int k = mode; k < most; k++) {
      weights[k + 1] = weights[k] * up(least + k, row1, row2, yes);
      all += weights[k + 1];
    }
    for (int k = mode; k > 0; k--) {
      weights[k - 1] = weights[k] / up(least + k - 1, row1, row2, yes);
      all += weights[k - 1];
    }
    double largest = 0;
    double extreme = 0;
    int low = 0;
    int high = most;
    while (low <= high) {
      double limit = Math.min(weights[low], weights[high]) * TIES;
      for (; low <= high && weights[low] <= limit; low++) {
        extreme += weights[low];
      }
      for (; low <= high && weights[high] <= limit; high--) {
        extreme += weights[high];
      }
      if (extreme / all > p * TIES) {
        return largest;
      }
      largest = extreme / all;
    }
    return largest;
  }

  /** The most probable number of yes in the first sample. */
  private static long mode(long row1, long row2, long yes) {
    double mode = ((double) yes + 1) * (row1 + 1.0) / ((double) row1 + row2 + 2);
    return Math.min(Math.min(yes, row1), Math.max(Math.max(0, yes - row2), (long) mode));
  }

  /** The probability of {@code k} relative to that of {@code start}. */
  private static double relative(long start, long k, long row1, long row2, long yes) {
    double weight = 1;
    for (long i = start; i < k; i++) {
      weight *= up(i, row1, row2, yes);
    }
    for (long i = start; i > k; i--) {
      weight /= up(i - 1, row1, row2, yes);
    }
    return weight;
  }

  /** The probability of k + 1 relative to that of k. */
  private static double up(long k, long row1, long row2, long yes) {
    return (double) (row1 - k) * (yes - k) / ((k + 1.0) * (row2 - yes + k + 1.0));
  }
}
