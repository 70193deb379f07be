package dev.mlops4j.monitoring.statistics;

/**
 * The limit of the distribution of the Cramer-von Mises statistic (N. V. Smirnov, 1936):
 *
 * <pre>{@code
 * P(W > x) = (2 / pi) sum over k = 1, 2, ... of (-1)^(k + 1)
 *     integral over t from (2 k - 1) pi to 2 k pi of exp(-x t^2 / 2) / sqrt(-t sin t) dt
 * }</pre>
 *
 * <p>The integrand grows at both ends like one over the root of the distance from it, which is the
 * weight of Gauss-Chebyshev quadrature. Cost: some terms where the probability is small, about a
 * hundred at most.
 */
final class CramerVonMisesLimit {

  /** Below, the probability is 1 to the last digit. */
  private static final double LEAST = 0.003;

  /** As many as it takes where the integrand falls within a hundredth of the interval. */
  private static final int NODES = 256;

  /** Beyond, exp does not reach. */
  private static final double GREATEST_EXPONENT = 745;

  private CramerVonMisesLimit() {}

  static double survival(double x) {
    if (x < LEAST) {
      return 1;
    }
    double sum = 0;
    for (int k = 1; ; k++) {
      double from = (2 * k - 1) * Math.PI;
      if (x * from * from / 2 > GREATEST_EXPONENT) {
        break;
      }
      double integral = integral(x, from);
      sum += k % 2 == 1 ? integral : -integral;
      if (integral < 1e-17 * Math.abs(sum)) {
        break;
      }
    }
    return Math.max(0, Math.min(1, 2 / Math.PI * sum));
  }

  private static double integral(double x, double from) {
    double sum = 0;
    for (int i = 1; i <= NODES; i++) {
      double angle = (2 * i - 1) * Math.PI / (2 * NODES);
      double node = Math.cos(angle);
      double within = Math.PI / 2 * (1 + node);
      double t = from + within;
      double weight = Math.sin(angle) / Math.sqrt(t * Math.sin(within));
      sum += weight * Math.exp(-x * t * t / 2);
    }
    return sum * Math.PI / NODES * Math.PI / 2;
  }
}
