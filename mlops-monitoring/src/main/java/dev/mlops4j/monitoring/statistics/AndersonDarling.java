package dev.mlops4j.monitoring.statistics;

import org.apache.commons.math3.stat.regression.OLSMultipleLinearRegression;

/**
 * The two-sample Anderson-Darling test (F. W. Scholz, M. A. Stephens, "K-sample Anderson-Darling
 * tests", 1987): like {@link CramerVonMises}, but what differs in the tails weighs more. Assumes
 * independent rows; ties count half above and half below (their equation 7, "midrank").
 *
 * <p>The statistic is their normalised one, about 0 without drift. The p-value is interpolated
 * between their seven critical values, so it is never below 0.001 nor above 0.25: good for a single
 * decision at 0.05 or 0.01, not for adjusting over many columns. As {@code
 * scipy.stats.anderson_ksamp(..., variant="midrank")}. Cost: linear in the distinct numbers and in
 * the rows of both samples.
 */
public final class AndersonDarling {

  /** Their table 2 for two samples, and the levels that go with it. */
  private static final double[] CRITICAL = {
    0.675 - 0.245 - 0.105,
    1.281 + 0.25 - 0.305,
    1.645 + 0.678 - 0.362,
    1.96 + 1.149 - 0.391,
    2.326 + 1.822 - 0.396,
    2.573 + 2.364 - 0.345,
    3.085 + 3.615 - 0.154
  };

  private static final double[] LEVELS = {0.25, 0.1, 0.05, 0.025, 0.01, 0.005, 0.001};

  private AndersonDarling() {}

  /**
   * The normalised statistic and the interpolated p-value; NaN and 1 if all numbers are the same.
   *
   * @throws IllegalArgumentException if there are fewer than 4 numbers in both samples together
   */
  public static TestResult of(NumericPair pair) {
    double n = pair.referenceSize();
    double m = pair.currentSize();
    if (n + m < 4) {
      throw new IllegalArgumentException(
          "the Anderson-Darling test takes at least 4 numbers, found " + (long) (n + m));
    }
    if (pair.size() < 2) {
      return new TestResult(Double.NaN, 1);
    }
    double statistic = (distance(pair) - 1) / Math.sqrt(variance(n, m));
    return new TestResult(statistic, p(statistic));
  }

  private static double distance(NumericPair pair) {
    double n = pair.referenceSize();
    double m = pair.currentSize();
    double all = n + m;
    double sum = 0;
    long below = 0;
    long referenceBelow = 0;
    for (int i = 0; i < pair.size(); i++) {
      long here = pair.referenceCount(i);
      long ties = here + pair.currentCount(i);
      double middle = below + ties / 2.0;
      double referenceMiddle = referenceBelow + here / 2.0;
      // The other sample's term has the same numerator, as both add up to the middle.
      double difference = all * referenceMiddle - middle * n;
      sum += ties / all * difference * difference / (middle * (all - middle) - all * ties / 4.0);
      below += ties;
      referenceBelow += here;
    }
    return (all - 1) / all * sum * (1 / n + 1 / m);
  }

  /** Their equation 4 for two samples. */
  private static double variance(double n, double m) {
    double all = n + m;
    double inverse = 1 / n + 1 / m;
    double h = 1;
    double g = 0;
    double partial = 0;
    for (long i = 2; i < (long) all; i++) {
      partial += 1 / (all - i + 1);
      g += partial / i;
    }
    h += partial;
    double a = 4 * g - 6 + (10 - 6 * g) * inverse;
    double b = 4 * (2 * g - 4) + 16 * h + (2 * g - 14 * h - 4) * inverse - 8 * h + 4 * g - 6;
    double c = 4 * (6 * h + 2 * g - 2) + 2 * (4 * h - 4 * g + 6) + (2 * h - 6) * inverse + 4 * h;
    double d = 4 * (2 * h + 6) - 8 * h;
    return (((a * all + b) * all + c) * all + d) / ((all - 1) * (all - 2) * (all - 3));
  }

  /** The logarithm of the level as a square polynomial of the critical value, by least squares. */
  private static double p(double statistic) {
    if (statistic < CRITICAL[0]) {
      return LEVELS[0];
    }
    if (statistic > CRITICAL[CRITICAL.length - 1]) {
      return LEVELS[LEVELS.length - 1];
    }
    double[] polynomial = Fit.POLYNOMIAL;
    return Math.exp(polynomial[0] + statistic * (polynomial[1] + statistic * polynomial[2]));
  }

  /** Fitted when first needed. */
  private static final class Fit {

    static final double[] POLYNOMIAL = fit();

    private static double[] fit() {
      double[] logarithms = new double[LEVELS.length];
      double[][] powers = new double[LEVELS.length][];
      for (int i = 0; i < LEVELS.length; i++) {
        logarithms[i] = Math.log(LEVELS[i]);
        powers[i] = new double[] {CRITICAL[i], CRITICAL[i] * CRITICAL[i]};
      }
      OLSMultipleLinearRegression regression = new OLSMultipleLinearRegression();
      regression.newSampleData(logarithms, powers);
      return regression.estimateRegressionParameters();
    }
  }
}
