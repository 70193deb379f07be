package dev.mlops4j.monitoring.statistics;

/**
 * The z-test of two shares with their common variance, {@code z = (q - p) / sqrt(s (1 - s) (1/n +
 * 1/m))}, p the share of the reference, q that of the current sample, s that of both together (J.
 * L. Fleiss, "Statistical Methods for Rates and Proportions", 1981, without continuity correction).
 * Its square is the {@link ChiSquare} of the 2 x 2 table. Evidently's default for two categories,
 * with the other sign.
 *
 * <p>Assumes independent rows. The p-value is that of the limit, the normal distribution: it is
 * close where the rarer of yes and no is expected at least 5 times in the smaller sample; below
 * that take {@link BoschlooExact} or, of many rows, {@link FisherExact}. Constant cost.
 */
public final class ShareTest {

  private ShareTest() {}

  /**
   * z, positive if the share grew, and the two-sided p-value; z is 0 and p is 1 if all say yes or
   * all say no.
   *
   * @param referenceYes how many of the reference say yes
   * @param referenceSize how many there are, at least 1
   * @param currentYes how many of the current sample say yes
   * @param currentSize how many there are, at least 1
   * @throws IllegalArgumentException if a count is negative or over its size, or a sample is empty
   */
  public static TestResult of(
      long referenceYes, long referenceSize, long currentYes, long currentSize) {
    check(referenceYes, referenceSize, "reference");
    check(currentYes, currentSize, "current");
    double n = referenceSize;
    double m = currentSize;
    double common = ((double) referenceYes + currentYes) / (n + m);
    if (common == 0 || common == 1) {
      return new TestResult(0, 1);
    }
    double deviation = Math.sqrt(common * (1 - common) * (1 / n + 1 / m));
    double z = (currentYes / m - referenceYes / n) / deviation;
    return new TestResult(z, Tails.normalTwoSided(z));
  }

  /** Whether the p-value is close: the rarer is expected at least 5 times in the smaller sample. */
  public static boolean isClose(
      long referenceYes, long referenceSize, long currentYes, long currentSize) {
    double yes = (double) referenceYes + currentYes;
    double all = (double) referenceSize + currentSize;
    double smaller = Math.min(referenceSize, currentSize);
    return Math.min(yes, all - yes) * smaller / all >= ChiSquare.MIN_EXPECTED;
  }

  static void check(long yes, long size, String name) {
    if (size < 1 || yes < 0 || yes > size) {
      throw new IllegalArgumentException(
          yes + " of " + size + " is no share of the " + name + " sample");
    }
  }
}
