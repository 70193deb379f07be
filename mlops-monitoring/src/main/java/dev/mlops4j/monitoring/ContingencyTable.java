package dev.mlops4j.monitoring;

import org.apache.commons.math3.special.Gamma;

/** Tests of whether two samples have the same shares of categories; both are taken as random. */
final class ContingencyTable {

  /** Categories expected less often than this in the smaller sample are put together. */
  static final double MIN_EXPECTED = 5;

  private ContingencyTable() {}

  /**
   * Pearson's chi-square test of the 2 x K table, without continuity correction. Categories with
   * nothing in either sample do not count.
   */
  static double chiSquare(long[] first, long[] second) {
    double n1 = total(first);
    double n2 = total(second);
    double statistic = 0;
    int categories = 0;
    for (int i = 0; i < first.length; i++) {
      double both = (double) first[i] + second[i];
      if (both > 0) {
        double expected1 = both * n1 / (n1 + n2);
        double expected2 = both * n2 / (n1 + n2);
        double difference = first[i] - expected1;
        statistic += difference * difference * (1 / expected1 + 1 / expected2);
        categories++;
      }
    }
    return categories < 2 ? 1 : Gamma.regularizedGammaQ((categories - 1) / 2.0, statistic / 2);
  }

  /** The same after putting together the categories that are expected too rarely. */
  static double chiSquareOfFrequent(long[] first, long[] second) {
    double n1 = total(first);
    double n2 = total(second);
    double smaller = Math.min(n1, n2) / (n1 + n2);
    long[] kept1 = new long[first.length + 1];
    long[] kept2 = new long[first.length + 1];
    for (int i = 0; i < first.length; i++) {
      double expected = ((double) first[i] + second[i]) * smaller;
      int to = expected < MIN_EXPECTED ? first.length : i;
      kept1[to] += first[i];
      kept2[to] += second[i];
    }
    return chiSquare(kept1, kept2);
  }

  /** Fisher's exact test if a count is expected too rarely, else the chi-square test. */
  static double twoByTwo(long yes1, long no1, long yes2, long no2) {
    double n = (double) yes1 + no1 + yes2 + no2;
    double smaller = Math.min(yes1 + no1, yes2 + no2) / n;
    double rarer = Math.min(yes1 + yes2, no1 + no2);
    return smaller * rarer < MIN_EXPECTED
        ? fisher(yes1, no1, yes2, no2)
        : chiSquare(new long[] {yes1, no1}, new long[] {yes2, no2});
  }

  /**
   * Fisher's exact test, two-sided: the probability of the tables with the same margins that are at
   * most as probable as this one. Probabilities follow from each other by products, which keeps all
   * digits where differences of logarithms of factorials lose them.
   */
  static double fisher(long yes1, long no1, long yes2, long no2) {
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

  private static double total(long[] counts) {
    double total = 0;
    for (long count : counts) {
      total += count;
    }
    return total;
  }
}
