package dev.mlops4j.monitoring.statistics;

import java.util.Arrays;

/**
 * Sorts finite numbers by their bits, eleven at a time from the lowest (radix sort, H. H. Seward,
 * 1954): some three times as fast as {@link Arrays#sort(double[])} for large samples, in one more
 * array of their size. Cost: linear in the numbers; digits that all of them share cost nothing.
 */
final class DoubleSort {

  /** Below, clearing the tables would cost more than it gives. */
  static final int MIN_SIZE = 4_096;

  private static final int DIGIT_BITS = 11;
  private static final int DIGITS = 1 << DIGIT_BITS;
  private static final int PASSES = (Long.SIZE + DIGIT_BITS - 1) / DIGIT_BITS;

  private DoubleSort() {}

  /** The numbers in ascending order, -0.0 as 0.0; the sample stays as it is. */
  static double[] sorted(double[] sample) {
    double[] sorted = new double[sample.length];
    if (sample.length < MIN_SIZE) {
      Arrays.setAll(sorted, i -> sample[i] + 0.0);
      Arrays.sort(sorted);
      return sorted;
    }
    long[] keys = new long[sample.length];
    int[][] counts = new int[PASSES][DIGITS];
    for (int i = 0; i < keys.length; i++) {
      long key = key(sample[i] + 0.0);
      keys[i] = key;
      for (int pass = 0; pass < PASSES; pass++) {
        counts[pass][digit(key, pass)]++;
      }
    }
    long[] from = keys;
    long[] to = new long[keys.length];
    for (int pass = 0; pass < PASSES; pass++) {
      if (counts[pass][digit(from[0], pass)] < keys.length) {
        deal(from, to, counts[pass], pass);
        long[] swapped = from;
        from = to;
        to = swapped;
      }
    }
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = number(from[i]);
    }
    return sorted;
  }

  private static void deal(long[] from, long[] to, int[] counts, int pass) {
    int start = 0;
    for (int digit = 0; digit < DIGITS; digit++) {
      int count = counts[digit];
      counts[digit] = start;
      start += count;
    }
    for (long key : from) {
      to[counts[digit(key, pass)]++] = key;
    }
  }

  private static int digit(long key, int pass) {
    return (int) (key >>> (pass * DIGIT_BITS)) & (DIGITS - 1);
  }

  /** Bits whose unsigned order is that of the numbers: the sign flipped, negative ones all. */
  private static long key(double number) {
    long bits = Double.doubleToRawLongBits(number);
    return bits ^ ((bits >> 63) | Long.MIN_VALUE);
  }

  private static double number(long key) {
    return Double.longBitsToDouble(key ^ (~(key >> 63) | Long.MIN_VALUE));
  }
}
