package dev.mlops4j.monitoring.statistics;

/**
 * Fisher's exact test of two shares (R. A. Fisher, 1935): holds its rate for the smallest samples,
 * given how many say yes in both together. Cost: linear in the smaller of the counts.
 */
public final class FisherExact {

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
    double mode = ((double) yes + 1) * (row1 + 1.0) / ((double) row1 + row2 + 2);
    long start = Math.min(most, Math.max(least, (long) mode));
    double observed = relative(start, yes1, row1, row2, yes);
    double limit = observed * (1 + 1e-7);
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
