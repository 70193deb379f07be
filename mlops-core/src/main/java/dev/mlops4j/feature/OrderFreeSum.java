package dev.mlops4j.feature;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The sum of doubles, rounded once, so that it is the same in any order: J. R. Shewchuk, "Adaptive
 * Precision Floating-Point Arithmetic and Fast Robust Geometric Predicates" (1997), as in Python's
 * {@code math.fsum}.
 *
 * <p>The sum is held as doubles that do not overlap, the smallest first: for values of similar size
 * one or two, so that a value costs about ten operations. NaN and infinities follow IEEE 754, and a
 * sum of -0.0 alone is 0.0. Not safe for use by several threads.
 */
final class OrderFreeSum {

  private static final int FIRST_CAPACITY = 2;

  /** Squares between these are held exactly by two doubles. */
  private static final double LARGE = 1e300;

  private static final double SMALL = 1e-280;

  private static final BigDecimal HALF = new BigDecimal("0.5");

  private double[] parts = new double[FIRST_CAPACITY];
  private int size;
  private int nans;
  private int positiveInfinities;
  private int negativeInfinities;

  /** The values, once the parts could not hold a sum beyond the greatest double. */
  private BigDecimal beyond = BigDecimal.ZERO;

  void add(double value) {
    if (Double.isFinite(value)) {
      addFinite(value);
    } else {
      count(value, 1);
    }
  }

  /** Takes away a value that was added; what is left is as if it had never been there. */
  void remove(double value) {
    if (Double.isFinite(value)) {
      addFinite(-value);
    } else {
      count(value, -1);
    }
  }

  /** Adds the square of a value, with what its rounding would lose. */
  void addSquare(double value) {
    square(value, 1);
  }

  void removeSquare(double value) {
    square(value, -1);
  }

  private void square(double value, int sign) {
    double square = value * value;
    if (!Double.isFinite(value)) {
      count(square, sign);
    } else if (square > LARGE || (square < SMALL && value != 0)) {
      BigDecimal exact = new BigDecimal(value);
      exact = exact.multiply(exact);
      beyond = sign > 0 ? beyond.add(exact) : beyond.subtract(exact);
    } else {
      addFinite(sign * square);
      addFinite(sign * Math.fma(value, value, -square));
    }
  }

  private void count(double value, int by) {
    if (Double.isNaN(value)) {
      nans += by;
    } else if (value > 0) {
      positiveInfinities += by;
    } else {
      negativeInfinities += by;
    }
  }

  private boolean isFinite() {
    return nans == 0 && positiveInfinities == 0 && negativeInfinities == 0;
  }

  private void addFinite(double value) {
    double sum = value;
    int kept = 0;
    for (int i = 0; i < size; i++) {
      double part = parts[i];
      double total = sum + part;
      double larger = Math.abs(sum) >= Math.abs(part) ? sum : part;
      double smaller = larger == sum ? part : sum;
      double lost = smaller - (total - larger);
      if (!Double.isFinite(total)) {
        moveBeyond(kept, i, sum);
        return;
      }
      if (lost != 0) {
        parts[kept++] = lost;
      }
      sum = total;
    }
    keep(kept, sum);
  }

  /** The sum, correctly rounded to the nearest double, ties to even. */
  double value() {
    if (!isFinite()) {
      return nans > 0 || (positiveInfinities > 0 && negativeInfinities > 0)
          ? Double.NaN
          : positiveInfinities > 0 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    }
    if (beyond.signum() != 0) {
      return exact().doubleValue();
    }
    if (size == 0) {
      return 0;
    }
    // The greatest part takes up the next ones until one does not fit: the rest is below rounding.
    int next = size - 1;
    double sum = parts[next];
    double lost = 0;
    while (next > 0 && lost == 0) {
      double part = parts[--next];
      double total = sum + part;
      lost = part - (total - sum);
      sum = total;
    }
    // What was lost may be a tie that the parts below it decide.
    if (next > 0 && lost != 0 && Math.signum(lost) == Math.signum(parts[next - 1])) {
      double doubled = lost * 2;
      double other = sum + doubled;
      if (other - sum == doubled) {
        sum = other;
      }
    }
    // Adding 0.0 turns -0.0 into it, as in a sum that begins with 0.0.
    return sum + 0.0;
  }

  /**
   * The standard deviation of a sample of so many values, two or more, of their sum and the sum of
   * their squares: the variance is taken without rounding, so that values far from zero cancel
   * nothing. Correctly rounded to the nearest double, ties to even: of a value and three times
   * another one, half their distance, they are common.
   */
  static double standardDeviation(OrderFreeSum sum, OrderFreeSum squares, int count) {
    if (!sum.isFinite() || !squares.isFinite()) {
      return Double.NaN;
    }
    BigDecimal n = BigDecimal.valueOf(count);
    BigDecimal total = sum.exact();
    BigDecimal deviations = squares.exact().multiply(n).subtract(total.multiply(total));
    if (deviations.signum() <= 0) {
      return 0;
    }
    BigDecimal parts = n.multiply(BigDecimal.valueOf(count - 1L));
    BigDecimal root = deviations.divide(parts, MathContext.DECIMAL128).sqrt(MathContext.DECIMAL128);
    return rounded(root, deviations, parts);
  }

  /**
   * The root of a fraction as a double.
   *
   * @param root the root to 34 digits, which may lie on the other side of the middle of two doubles
   */
  private static double rounded(BigDecimal root, BigDecimal dividend, BigDecimal divisor) {
    double near = root.doubleValue();
    if (Double.isInfinite(near)) {
      return near;
    }
    BigDecimal nearest = new BigDecimal(near);
    double far = root.compareTo(nearest) < 0 ? Math.nextDown(near) : Math.nextUp(near);
    if (Double.isInfinite(far)) {
      return near;
    }
    BigDecimal middle = nearest.add(new BigDecimal(far)).multiply(HALF);
    // The root is off by less than two of its last digits.
    if (root.subtract(middle).abs().multiply(HALF).compareTo(root.ulp()) > 0) {
      return near;
    }
    int side = dividend.compareTo(middle.multiply(middle).multiply(divisor));
    if (side == 0) {
      return (Double.doubleToRawLongBits(near) & 1) == 0 ? near : far;
    }
    return side > 0 ? Math.max(near, far) : Math.min(near, far);
  }

  private BigDecimal exact() {
    BigDecimal exact = beyond;
    for (int i = 0; i < size; i++) {
      exact = exact.add(new BigDecimal(parts[i]));
    }
    return exact;
  }

  private void keep(int kept, double sum) {
    if (kept == parts.length) {
      parts = Arrays.copyOf(parts, kept * 2);
    }
    parts[kept] = sum;
    size = kept + 1;
  }

  private void moveBeyond(int kept, int from, double sum) {
    List<Double> all = new ArrayList<>();
    for (int i = 0; i < kept; i++) {
      all.add(parts[i]);
    }
    for (int i = from; i < size; i++) {
      all.add(parts[i]);
    }
    all.add(sum);
    for (double part : all) {
      beyond = beyond.add(new BigDecimal(part));
    }
    size = 0;
  }
}
