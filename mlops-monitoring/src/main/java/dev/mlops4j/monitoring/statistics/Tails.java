package dev.mlops4j.monitoring.statistics;

import org.apache.commons.math3.special.Erf;
import org.apache.commons.math3.special.Gamma;

/** Probabilities of what is far from the middle, with all their digits down to 1e-300. */
final class Tails {

  private Tails() {}

  /** The probability that a chi-square of {@code df} degrees of freedom exceeds {@code x}. */
  static double chiSquare(double x, double df) {
    return Gamma.regularizedGammaQ(df / 2, x / 2);
  }

  /** The probability that a standard normal number is at least as far from 0 as {@code z}. */
  static double normalTwoSided(double z) {
    return Erf.erfc(Math.abs(z) / Math.sqrt(2));
  }
}
