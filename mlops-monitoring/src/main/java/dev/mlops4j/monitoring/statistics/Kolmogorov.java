package dev.mlops4j.monitoring.statistics;

/**
 * The limit of the distribution of the Kolmogorov-Smirnov statistic (Kolmogorov, 1933): of the
 * greatest distance of two empirical distribution functions times {@code sqrt(n1 n2 / (n1 + n2))},
 * if both samples come from the same continuous distribution, rows independent. Ties make it
 * conservative. Constant cost.
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
}
