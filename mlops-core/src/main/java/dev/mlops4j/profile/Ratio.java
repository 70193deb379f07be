package dev.mlops4j.profile;

import java.math.BigInteger;

/** Exact fractions as the nearest double. */
final class Ratio {

  /** More bits than a double has, so that all that follows can be one bit: zero or not. */
  private static final int QUOTIENT_BITS = 66;

  private Ratio() {}

  /**
   * {@code numerator / denominator * 2^exponent}, rounded once, half to even, unless the result is
   * subnormal.
   *
   * @param denominator greater than 0
   */
  static double toDouble(BigInteger numerator, BigInteger denominator, int exponent) {
    int shift = QUOTIENT_BITS - (numerator.bitLength() - denominator.bitLength());
    BigInteger dividend = shift > 0 ? numerator.shiftLeft(shift) : numerator;
    BigInteger divisor = shift < 0 ? denominator.shiftLeft(-shift) : denominator;
    BigInteger[] parts = dividend.abs().divideAndRemainder(divisor);
    BigInteger quotient = parts[1].signum() == 0 ? parts[0] : parts[0].setBit(0);
    double magnitude = scale(quotient.doubleValue(), (long) exponent - shift);
    return numerator.signum() < 0 ? -magnitude : magnitude;
  }

  private static double scale(double value, long exponent) {
    return Math.scalb(
        value, (int) Math.max(Integer.MIN_VALUE / 2, Math.min(Integer.MAX_VALUE / 2, exponent)));
  }
}
