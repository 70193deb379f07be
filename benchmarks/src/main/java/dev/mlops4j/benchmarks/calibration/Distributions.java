package dev.mlops4j.benchmarks.calibration;

import java.util.Arrays;
import java.util.function.DoubleFunction;
import java.util.function.DoubleUnaryOperator;
import java.util.random.RandomGenerator;
import org.apache.commons.math3.special.Erf;
import org.apache.commons.math3.special.Gamma;

/** Distribution functions, and how far one must go from another to be as far as is asked. */
final class Distributions {

  private static final double SQRT_2 = Math.sqrt(2);
  private static final double GRID_END = 12;
  private static final int GRID_STEPS = 4_800;
  private static final int HALVINGS = 60;

  private Distributions() {}

  static double normal(double x) {
    return 0.5 * Erf.erfc(-x / SQRT_2);
  }

  /** Student's t with two degrees of freedom. */
  static double heavyTailed(double x) {
    return 0.5 + x / (2 * Math.sqrt(2 + x * x));
  }

  static double drawHeavyTailed(RandomGenerator random) {
    double u = random.nextDouble();
    double u1 = u == 0 ? 0.5 : u;
    return (2 * u1 - 1) / Math.sqrt(2 * u1 * (1 - u1));
  }

  /** Half at either side of the middle, with mean 0 and variance 1. */
  static double twoHumps(double x, double apart) {
    double deviation = Math.sqrt(1 - apart * apart);
    return 0.5 * (normal((x - apart) / deviation) + normal((x + apart) / deviation));
  }

  static double drawTwoHumps(RandomGenerator random, double apart) {
    double side = random.nextBoolean() ? apart : -apart;
    return side + Math.sqrt(1 - apart * apart) * random.nextGaussian();
  }

  static double poisson(double x, double mean) {
    return x < 0 ? 0 : Gamma.regularizedGammaQ(Math.floor(x) + 1, mean);
  }

  static double drawPoisson(RandomGenerator random, double mean) {
    double limit = Math.exp(-mean);
    int count = 0;
    for (double product = random.nextDouble(); product > limit; count++) {
      product *= random.nextDouble();
    }
    return count;
  }

  /** The greatest distance of two distribution functions. */
  static double distance(DoubleUnaryOperator first, DoubleUnaryOperator second) {
    double most = 0;
    for (int i = -GRID_STEPS; i <= GRID_STEPS; i++) {
      double x = GRID_END * i / GRID_STEPS;
      most = Math.max(most, Math.abs(first.applyAsDouble(x) - second.applyAsDouble(x)));
    }
    return most;
  }

  /**
   * The parameter at which the distance is as asked.
   *
   * @param shifted by the parameter; the distance grows with it
   */
  static double solve(
      DoubleUnaryOperator from,
      DoubleFunction<DoubleUnaryOperator> shifted,
      double distance,
      double least,
      double most) {
    double low = least;
    double high = most;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (distance(from, shifted.apply(middle)) < distance) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return (low + high) / 2;
  }

  /** Shares that go down as 1, 1/2, 1/3, ... */
  static double[] shares(int categories) {
    double[] shares = new double[categories];
    Arrays.setAll(shares, i -> 1.0 / (i + 1));
    double sum = Arrays.stream(shares).sum();
    Arrays.setAll(shares, i -> shares[i] / sum);
    return shares;
  }

  /** The share that is this much more on the scale of Cohen's h. */
  static double raised(double share, double h) {
    double arcsine = Math.min(Math.PI / 2, Math.asin(Math.sqrt(share)) + h / 2);
    return Math.sin(arcsine) * Math.sin(arcsine);
  }

  /** The shares with this one raised and the others less in proportion. */
  static double[] raised(double[] shares, int position, double h) {
    double before = shares[position];
    double after = raised(before, h);
    double[] raised = Arrays.stream(shares).map(s -> s * (1 - after) / (1 - before)).toArray();
    raised[position] = after;
    return raised;
  }

  static double[] cumulative(double[] shares) {
    double[] cumulative = shares.clone();
    for (int i = 1; i < cumulative.length; i++) {
      cumulative[i] += cumulative[i - 1];
    }
    return cumulative;
  }

  static int drawCategory(RandomGenerator random, double[] cumulative) {
    int found = Arrays.binarySearch(cumulative, random.nextDouble());
    return Math.min(cumulative.length - 1, found < 0 ? -found - 1 : found);
  }
}
