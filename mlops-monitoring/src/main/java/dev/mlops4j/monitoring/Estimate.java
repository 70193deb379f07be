package dev.mlops4j.monitoring;

/**
 * A figure of a window and its 95 % confidence interval.
 *
 * @param value the figure; NaN if it is not defined
 * @param low where the interval begins; NaN if there is none
 * @param high where it ends; NaN if there is none
 */
record Estimate(double value, double low, double high) {

  /** The interval around the figure as another computation has it, rounded otherwise. */
  Estimate around(double exact) {
    return new Estimate(exact, low, high);
  }

  static Estimate unknown() {
    return new Estimate(Double.NaN, Double.NaN, Double.NaN);
  }
}
