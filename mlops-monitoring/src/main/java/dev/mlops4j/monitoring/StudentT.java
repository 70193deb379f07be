package dev.mlops4j.monitoring;

import org.apache.commons.math3.special.Beta;

/** Student's t distribution. */
final class StudentT {

  private StudentT() {}

  /**
   * The probability of a value at least as far from 0 as {@code t}.
   *
   * @param df degrees of freedom, greater than 0; need not be whole
   */
  static double twoSided(double t, double df) {
    if (Double.isInfinite(t)) {
      return 0;
    }
    double square = t * t;
    if (Double.isInfinite(square)) {
      return 0;
    }
    // Near 0 the argument of the second form loses digits, far from it the result of the first.
    return square < 1
        ? 1 - Beta.regularizedBeta(square / (df + square), 0.5, df / 2)
        : Beta.regularizedBeta(df / (df + square), df / 2, 0.5);
  }
}
