package dev.mlops4j.profile;

import java.util.Arrays;

/**
 * The values of given ranks without sorting all: values are dealt into buckets by where they lie
 * between the least and the greatest, and only the buckets that hold an asked rank are sorted. The
 * cost is two passes, in the worst case (nearly all values in one bucket) that of sorting.
 */
final class OrderStatistics {

  private static final int BUCKETS = 1 << 12;

  private final double[] values;
  private final double min;
  private final double scale;

  private OrderStatistics(double[] values, double min, double scale) {
    this.values = values;
    this.min = min;
    this.scale = scale;
  }

  /**
   * The values of these ranks, from 0, in ascending order.
   *
   * @param values finite; may be reordered
   * @param ranks ascending
   */
  static double[] atRanks(double[] values, int[] ranks) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    for (double value : values) {
      min = Math.min(min, value);
      max = Math.max(max, value);
    }
    double scale = (BUCKETS - 1) / (max - min);
    if (Double.isFinite(scale) && scale > 0) {
      return new OrderStatistics(values, min, scale).select(ranks);
    }
    // All are the same, or so far apart or so near to each other that the difference says nothing.
    Arrays.sort(values);
    return Arrays.stream(ranks).mapToDouble(rank -> values[rank]).toArray();
  }

  private double[] select(int[] ranks) {
    int[] starts = new int[BUCKETS + 1];
    for (double value : values) {
      starts[bucket(value) + 1]++;
    }
    for (int i = 0; i < BUCKETS; i++) {
      starts[i + 1] += starts[i];
    }
    boolean[] asked = new boolean[BUCKETS];
    int at = 0;
    for (int rank : ranks) {
      while (starts[at + 1] <= rank) {
        at++;
      }
      asked[at] = true;
    }
    double[] dealt = dealt(starts, asked);
    for (int i = 0; i < BUCKETS; i++) {
      if (asked[i]) {
        Arrays.sort(dealt, starts[i], starts[i + 1]);
      }
    }
    return Arrays.stream(ranks).mapToDouble(rank -> dealt[rank]).toArray();
  }

  /** Puts the values of the asked buckets where sorting would put the bucket. */
  private double[] dealt(int[] starts, boolean[] asked) {
    double[] dealt = new double[values.length];
    int[] next = starts.clone();
    for (double value : values) {
      int bucket = bucket(value);
      if (asked[bucket]) {
        dealt[next[bucket]++] = value;
      }
    }
    return dealt;
  }

  /** Rounding keeps the order: a greater value is never in a lower bucket. */
  private int bucket(double value) {
    return Math.min(BUCKETS - 1, (int) ((value - min) * scale));
  }
}
