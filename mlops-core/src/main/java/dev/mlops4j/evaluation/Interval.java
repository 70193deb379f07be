package dev.mlops4j.evaluation;

/**
 * A 95 % confidence interval: of all samples drawn the same way, the intervals of about 95 in a
 * hundred hold the true value.
 *
 * @param lower the lower end
 * @param upper the upper end; at least {@code lower}
 */
public record Interval(double lower, double upper) {

  /** How many standard errors a 95 % interval reaches to either side. */
  static final double Z = 1.959963984540054;

  /** Whether the interval holds this value; its ends belong to it. */
  public boolean contains(double value) {
    return lower <= value && value <= upper;
  }

  /** The value plus and minus {@link #Z} standard errors. */
  static Interval around(double value, double standardError) {
    return new Interval(value - Z * standardError, value + Z * standardError);
  }

  /**
   * Of a share of independent rows: E. B. Wilson, "Probable inference, the law of succession, and
   * statistical inference", JASA 22 (1927), without a correction for continuity. It holds its rate
   * also for few rows and for shares near 0 and 1.
   *
   * @param part how many rows are counted
   * @param whole of how many; at least 1
   */
  public static Interval wilson(long part, long whole) {
    double share = (double) part / whole;
    double square = Z * Z / whole;
    double middle = (share + square / 2) / (1 + square);
    double half = Z * Math.sqrt((share * (1 - share) + square / 4) / whole) / (1 + square);
    double lower = part == 0 ? 0 : Math.max(0, middle - half);
    double upper = part == whole ? 1 : Math.min(1, middle + half);
    return new Interval(lower, upper);
  }
}
