package dev.mlops4j.monitoring;

/**
 * The test of one number per period: whether the mean over the periods of a window differs from
 * that over the reference's by more than periods differ from each other.
 *
 * <p>A t-test of new values against those of the reference, with the variance between the
 * reference's periods, never less than sampling alone. That periods resemble their neighbours
 * widens the null: the autocorrelation of the reference, corrected for its shortness (Kendall,
 * 1954), inflates both the variance of means and the uncertainty of the variance. Assumes that the
 * number is stationary and about normal under the null; its size was simulated, see {@code
 * docs/decisions/0070-drift-between-periods.md}. Cost: linear in the number of periods.
 *
 * @param effect mean over the window less mean over the reference
 * @param t the statistic
 * @param df degrees of freedom
 * @param p the two-sided p-value
 * @param rho the autocorrelation, 0 to {@link #MAX_RHO}
 */
record PeriodTest(double effect, double t, double df, double p, double rho) {

  /** What people call it. */
  static final String NAME = "t-test between periods";

  /** More cannot be told from a number that only wanders. */
  static final double MAX_RHO = 0.95;

  /**
   * Tests.
   *
   * @param periods the numbers of the reference's periods, ascending; neighbours in time differ by
   *     1
   * @param reference their values
   * @param referenceNoise the sampling variances of these values
   * @param window the values of the window's periods
   * @param windowNoise the sampling variances of these values
   */
  static PeriodTest of(
      long[] periods,
      double[] reference,
      double[] referenceNoise,
      double[] window,
      double[] windowNoise) {
    int n = reference.length;
    int m = window.length;
    double mean = mean(reference);
    double squares = 0;
    double products = 0;
    int pairs = 0;
    for (int i = 0; i < n; i++) {
      double deviation = reference[i] - mean;
      squares += deviation * deviation;
      if (i > 0 && periods[i] == periods[i - 1] + 1) {
        products += (reference[i - 1] - mean) * deviation;
        pairs++;
      }
    }
    double variance = squares / (n - 1);
    double r = variance > 0 && pairs > 0 ? (products / pairs) / (squares / n) : 0;
    double rho = Math.min(Math.max(r + (1 + 3 * r) / n, 0), MAX_RHO);
    double inflation = inflation(n, rho);
    double noise = mean(referenceNoise);
    double sigma2 = Math.max(variance / (1 - (inflation - 1) / (n - 1)), noise);
    double extra = Math.max(0, mean(windowNoise) - noise);
    double total = (sigma2 * inflation(m, rho) + extra) / m + sigma2 * inflation / n;
    double df = Math.max(n * (1 - rho * rho) / (1 + rho * rho) - 1, 1);
    double effect = mean(window) - mean;
    double t = total > 0 ? effect / Math.sqrt(total) : 0;
    return new PeriodTest(effect, t, df, StudentT.twoSided(t, df), rho);
  }

  /** The variance of a mean of k neighbours, in units of that of independent ones. */
  private static double inflation(int k, double rho) {
    double sum = 0;
    double power = 1;
    for (int j = 1; j < k; j++) {
      power *= rho;
      sum += (1 - (double) j / k) * power;
    }
    return 1 + 2 * sum;
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return sum / values.length;
  }
}
