package dev.mlops4j.monitoring;

/** Shares on the scale on which their sampling variance does not depend on them. */
final class Shares {

  private Shares() {}

  /** {@code 2 asin(sqrt(share))}: the share of n rows has the sampling variance 1 / n. */
  static double arcsine(double share) {
    return 2 * Math.asin(Math.sqrt(Math.max(0, Math.min(1, share))));
  }

  /** Cohen's h, the difference on that scale; 0.2 is small, 0.5 medium, 0.8 large. */
  static double cohensH(double from, double to) {
    return arcsine(to) - arcsine(from);
  }
}
