package dev.mlops4j.benchmarks.calibration;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How often there was an alert. */
final class Tally {

  /** The quantile of the normal distribution that leaves out one in forty at either end. */
  private static final double Z = 1.959963984540054;

  private int draws;
  private int alerts;

  /** What it could not judge, which is no draw. */
  private int failed;

  /** Of the draws that ours judged too, how many; and on how many the two did not agree. */
  private int both;

  private int alone;
  private int missed;

  /**
   * Counts.
   *
   * @param said of each draw; null where a side could not say anything
   * @param ours what ours said of the first of the same draws
   */
  Tally(List<@Nullable Boolean> said, List<@Nullable Boolean> ours) {
    for (int i = 0; i < said.size(); i++) {
      Boolean alert = said.get(i);
      if (alert == null) {
        failed++;
        continue;
      }
      draws++;
      alerts += alert ? 1 : 0;
      Boolean our = i < ours.size() ? ours.get(i) : null;
      if (our != null) {
        both++;
        alone += alert && !our ? 1 : 0;
        missed += !alert && our ? 1 : 0;
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
    return (double) (alone - missed) / both;
  }

  /** The lower end of its interval, 95 %, by the normal approximation of paired draws. */
  double leastAhead() {
    double difference = ahead();
    double variance = (alone + missed) / (double) both - difference * difference;
    return difference - Z * Math.sqrt(Math.max(0, variance) / both);
  }
}
