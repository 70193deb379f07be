package dev.mlops4j.evaluation;

import java.util.Optional;

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

  /**
   * Standard errors up to this are what rounding leaves of 0; the values are shares or like them.
   */
  static final double ROUNDING = 1e-12;

  /** Whether the interval holds this value; its ends belong to it. */
  public boolean contains(double value) {
    return lower <= value && value <= upper;
  }

  /** The value plus and minus {@link #Z} standard errors. */
  static Interval around(double value, double standardError) {
    return new Interval(value - Z * standardError, value + Z * standardError);
  }

  /**
   * The same, ending at the highest value there is.
   *
   * @return empty if the standard error is not a number, or no more than what rounding leaves of 0:
   *     then the rows do not say how much others would differ
   */
  static Optional<Interval> atMost(double highest, double value, double standardError) {
    if (!says(value, standardError)) {
      return Optional.empty();
    }
    Interval interval = around(value, standardError);
    return Optional.of(new Interval(interval.lower, Math.min(highest, interval.upper)));
  }

  /**
   * Of a value between 0 and 1, symmetric in its logit, so that it stays between them, and holds
   * its rate near them and of fewer rows than one that is symmetric in the value.
   *
   * @return empty as above, and for a value of 0 or 1
   */
  static Optional<Interval> ofLogit(double value, double standardError) {
    if (!says(value, standardError) || value <= 0 || value >= 1) {
      return Optional.empty();
    }
    double odds = value / (1 - value);
    double factor = Math.exp(Z * standardError / (value * (1 - value)));
    double lower = odds / factor;
    double upper = odds * factor;
    return Optional.of(
        new Interval(
            lower / (1 + lower), upper == Double.POSITIVE_INFINITY ? 1 : upper / (1 + upper)));
  }

  private static boolean says(double value, double standardError) {
    return Double.isFinite(standardError)
        && standardError > ROUNDING * Math.max(1, Math.abs(value));
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

  /**
   * Of an F1 score: twice J / (1 + J) of the ends of Wilson's interval of J, the share of true
   * positives among all rows that were predicted or came true. Given how many these are, that is a
   * share of independent rows, and F1 grows with it: K. F. Y. Lam, V. Gopal and J. Qian,
   * "Confidence intervals for the F1 score: a comparison of four methods", 2023, the indirect
   * method.
   *
   * @param truePositives the rows that were predicted and came true
   * @param others those that were either; at least 1 with the former
   */
  static Interval ofF1(long truePositives, long others) {
    Interval share = wilson(truePositives, truePositives + others);
    return new Interval(2 * share.lower / (1 + share.lower), 2 * share.upper / (1 + share.upper));
  }
}
