package dev.mlops4j.monitoring.statistics;

/**
 * How the share of rows without a value changed. The difference in points says little near 0 and 1,
 * Cohen's h says the same everywhere: {@code 2 asin(sqrt(q)) - 2 asin(sqrt(p))} (J. Cohen,
 * "Statistical Power Analysis for the Behavioral Sciences", 1988: 0.2 is small, 0.5 medium, 0.8
 * large).
 *
 * <p>The p-value is Fisher's exact one where the rarer of missing and present is expected less than
 * 5 times in the smaller sample, else that of {@link ShareTest}. Assumes independent rows. Cost:
 * constant; of {@link FisherExact} linear in the smaller of the two sizes or, if they are fewer, in
 * the rows of the rarer.
 *
 * @param referenceShare the share missing in the reference, 0 to 1
 * @param currentShare the share missing in the current sample, 0 to 1
 * @param effect Cohen's h, positive if more are missing now
 * @param p the two-sided p-value
 */
public record MissingRate(double referenceShare, double currentShare, double effect, double p) {

  /**
   * The change from the reference to the current sample.
   *
   * @throws IllegalArgumentException if a count is negative or over its size, or a sample is empty
   */
  public static MissingRate of(
      long referenceMissing, long referenceSize, long currentMissing, long currentSize) {
    TestResult test = ShareTest.of(referenceMissing, referenceSize, currentMissing, currentSize);
    double p = (double) referenceMissing / referenceSize;
    double q = (double) currentMissing / currentSize;
    return new MissingRate(
        p,
        q,
        2 * Math.asin(Math.sqrt(q)) - 2 * Math.asin(Math.sqrt(p)),
        ShareTest.isClose(referenceMissing, referenceSize, currentMissing, currentSize)
            ? test.p()
            : FisherExact.of(
                referenceMissing,
                referenceSize - referenceMissing,
                currentMissing,
                currentSize - currentMissing));
  }
}
