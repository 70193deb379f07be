package dev.mlops4j.benchmarks.calibration;

import org.jspecify.annotations.Nullable;

/**
 * How often there was an alert. Mutable while it is filled; not safe for use by several threads.
 */
final class Tally {

  /** The quantile of the normal distribution that leaves out one in forty at either end. */
  private static final double Z = 1.959963984540054;

  private int draws;
  private int alerts;

  /** What it could not judge, which is no draw. */
  private int failed;

  /** Of these draws, how often this side alerted and ours did not, and the other way round. */
  private int alone;

  private int missed;

  /**
   * Adds what a side said about some draws.
   *
   * @param said null where it could not say anything: such draws are left out
   * @param ours what ours said about the same
   */
  void add(@Nullable Boolean[] said, Boolean[] ours) {
    for (int i = 0; i < said.length; i++) {
      Boolean alert = said[i];
      if (alert == null) {
        failed++;
      } else {
        draws++;
        alerts += alert ? 1 : 0;
        alone += alert && !ours[i] ? 1 : 0;
        missed += !alert && ours[i] ? 1 : 0;
      }
    }
  }

  int draws() {
    return draws;
  }

  int failed() {
    return failed;
  }

  double rate() {
    return (double) alerts / draws;
  }

  /** The lower end of Wilson's interval, 95 % (E. B. Wilson, 1927). */
  double low() {
    return Math.max(0, middle() - half());
  }

  /** The upper end. */
  double high() {
    return Math.min(1, middle() + half());
  }

  private double middle() {
    return (rate() + Z * Z / (2 * draws)) / (1 + Z * Z / draws);
  }

  private double half() {
    double p = rate();
    return Z * Math.sqrt(p * (1 - p) / draws + Z * Z / (4.0 * draws * draws)) / (1 + Z * Z / draws);
  }

  /** How much more often this side alerted than ours, of the same draws. */
  double ahead() {
    return (double) (alone - missed) / draws;
  }

  /** The lower end of its interval, 95 %, by the normal approximation of paired draws. */
  double leastAhead() {
    double difference = ahead();
    double variance = (alone + missed) / (double) draws - difference * difference;
    return difference - Z * Math.sqrt(Math.max(0, variance) / draws);
  }
}
