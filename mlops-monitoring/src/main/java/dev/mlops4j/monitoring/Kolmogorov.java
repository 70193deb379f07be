package dev.mlops4j.monitoring;

/**
 * The limit of the distribution of the Kolmogorov-Smirnov statistic (Kolmogorov, 1933): of the
 * greatest distance of two empirical distribution functions times {@code sqrt(n1 n2 / (n1 + n2))},
 * if both samples come from the same continuous distribution. Ties make it conservative.
 */
final class Kolmogorov {

  /** Below, the series for small values converges faster, above the one for great values. */
  private static final double BORDER = 1.0;

  private Kolmogorov() {}

  /** The probability of a value greater than {@code x}. */
  static double survival(double x) {
    if (x <= 0) {
      return 1;
    }
    return x < BORDER ? 1 - small(x) : great(x);
  }

  /** The greatest distance of the distribution functions, by counts in the same bins. */
  static double distance(long[] first, long[] second) {
    double total1 = total(first);
    double total2 = total(second);
    double sum1 = 0;
    double sum2 = 0;
    double distance = 0;
    for (int i = 0; i < first.length; i++) {
      sum1 += first[i];
      sum2 += second[i];
      distance = Math.max(distance, Math.abs(sum1 / total1 - sum2 / total2));
    }
    return distance;
  }

  private static double small(double x) {
    double exponent = -Math.PI * Math.PI / (8 * x * x);
    double sum = 0;
    for (int k = 1; k < 40; k += 2) {
      sum += Math.exp(exponent * k * k);
    }
    return Math.sqrt(2 * Math.PI) / x * sum;
  }

  private static double great(double x) {
    double sum = 0;
    for (int k = 20; k >= 1; k--) {
      sum += (k % 2 == 1 ? 1 : -1) * Math.exp(-2.0 * k * k * x * x);
    }
    return 2 * sum;
  }

  private static double total(long[] counts) {
    double total = 0;
    for (long count : counts) {
      total += count;
    }
    return total;
  }
}
