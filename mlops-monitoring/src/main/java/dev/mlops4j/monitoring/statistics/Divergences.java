package dev.mlops4j.monitoring.statistics;

/** Terms of divergences, without the loss of digits where shares are nearly the same. */
final class Divergences {

  private static final double NEAR = 0.02;
  private static final int TERMS = 12;

  private Divergences() {}

  /**
   * {@code p ln(p / q) - p + q}, which is never negative; over shares that add up to 1 the sum is
   * that of {@code p ln(p / q)}. Infinite if {@code q} alone is 0.
   */
  static double relativeEntropy(double p, double q) {
    if (p == 0) {
      return q;
    }
    if (q == 0) {
      return Double.POSITIVE_INFINITY;
    }
    double x = (p - q) / q;
    if (Math.abs(x) > NEAR) {
      return p * Math.log(p / q) - p + q;
    }
    // (1 + x) ln(1 + x) - x as the series of (-x)^k / (k (k - 1)) from k = 2 on.
    double sum = 0;
    for (int k = TERMS; k >= 2; k--) {
      sum = 1.0 / (k * (k - 1)) - x * sum;
    }
    return q * x * x * sum;
  }

  /** The share, or what stands for it if it is 0. */
  static double orElse(double share, double emptyShare) {
    return share == 0 ? emptyShare : share;
  }

  static void checkEmptyShare(double emptyShare) {
    if (!(emptyShare > 0 && emptyShare < 1)) {
      throw new IllegalArgumentException(
          "what stands for an empty share must be over 0 and under 1, found " + emptyShare);
    }
  }
}
