package dev.mlops4j.feature;

import java.math.BigDecimal;
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

  private double[] parts = new double[FIRST_CAPACITY];
  private int size;

  /** The sum of what is not finite, or 0. */
  private double special;

  /** The values, once the parts could not hold a sum beyond the greatest double. */
  private BigDecimal beyond = BigDecimal.ZERO;

  void add(double value) {
    if (!Double.isFinite(value)) {
      special += value;
      return;
    }
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
    if (special != 0) {
      return special;
    }
    if (size <= 1 && beyond.signum() == 0) {
      // Adding 0.0 turns -0.0 into it, as in a sum that begins with 0.0.
      return size == 0 ? 0 : parts[0] + 0.0;
    }
    if (size == 2 && beyond.signum() == 0) {
      // Two parts that do not overlap: their rounded sum is the larger one, or a tie was broken.
      return parts[1] + parts[0];
    }
    BigDecimal exact = beyond;
    for (int i = 0; i < size; i++) {
      exact = exact.add(new BigDecimal(parts[i]));
    }
    return exact.doubleValue();
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
