package dev.mlops4j.monitoring.statistics;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Counts how often each number occurs in two samples with few distinct ones, without sorting the
 * samples: delays in minutes, hours, prices. Cost: a look into a small table a number.
 */
final class FewNumbers {

  private static final int MAX_TABLE = 1 << 14;
  private static final int MIN_TABLE = 1 << 6;
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  /** An open-addressing table from the bits of numbers to their counts; 0 marks a free place. */
  private final long[] keys;

  private final int[] reference;
  private final int[] current;
  private final int shift;
  private int used;

  private FewNumbers(int size) {
    this.keys = new long[size];
    this.reference = new int[size];
    this.current = new int[size];
    this.shift = Long.SIZE - Integer.numberOfTrailingZeros(size);
  }

  /** The pair, or null if there are too many distinct numbers; all are finite. */
  static @Nullable NumericPair pair(double[] reference, double[] current) {
    long all = (long) reference.length + current.length;
    long wanted = Math.max(MIN_TABLE, 4 * Long.highestOneBit(Math.max(1, all)));
    FewNumbers numbers = new FewNumbers((int) Math.min(MAX_TABLE, wanted));
    return numbers.add(reference, numbers.reference) && numbers.add(current, numbers.current)
        ? numbers.pair()
        : null;
  }

  private boolean add(double[] sample, int[] counts) {
    for (double number : sample) {
      long bits = Double.doubleToRawLongBits(number + 0.0); // -0.0 becomes 0.0
      int place = (int) (((bits ^ (bits >>> 32)) * MULTIPLIER) >>> shift);
      while (keys[place] != bits && (reference[place] | current[place]) != 0) {
        place = (place + 1) & (keys.length - 1);
      }
      if ((reference[place] | current[place]) == 0) {
        keys[place] = bits;
        if (++used > keys.length / 2) {
          return false;
        }
      }
      counts[place]++;
    }
    return true;
  }

  private NumericPair pair() {
    double[] values = new double[used];
    int size = 0;
    for (int place = 0; place < keys.length; place++) {
      if ((reference[place] | current[place]) != 0) {
        values[size++] = Double.longBitsToDouble(keys[place]);
      }
    }
    Arrays.sort(values);
    long[] first = new long[size];
    long[] second = new long[size];
    for (int place = 0; place < keys.length; place++) {
      if ((reference[place] | current[place]) != 0) {
        int at = Arrays.binarySearch(values, Double.longBitsToDouble(keys[place]));
        first[at] = reference[place];
        second[at] = current[place];
      }
    }
    return NumericPair.exact(values, first, second);
  }
}
