package dev.mlops4j.profile;

import java.util.Arrays;

/**
 * Counts equal numbers together before a {@link NumericAccumulator} takes them: delays in minutes,
 * prices and readings repeat, and finding a number in a small table costs a tenth of taking it.
 * Numbers that hardly repeat are handed through. The summary is the same either way. Not safe for
 * use by several threads.
 */
final class EqualNumbers {

  private static final int MAX_TABLE = 1 << 13;
  private static final int MIN_TABLE = 1 << 5;

  /** A full table must have held this many times as many numbers as places, to be filled again. */
  private static final int WORTHWHILE = 4;

  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  private final NumericAccumulator accumulator;

  /** An open-addressing table from the bits of numbers to their counts; 0 marks a free place. */
  private final long[] keys;

  private final int[] counts;
  private final int shift;
  private int used;
  private int seen;
  private boolean through;

  /**
   * @param rows how many numbers there may be
   */
  EqualNumbers(NumericAccumulator accumulator, int rows) {
    this.accumulator = accumulator;
    int size =
        rows >= MAX_TABLE / 4
            ? MAX_TABLE
            : Math.max(MIN_TABLE, 4 * Integer.highestOneBit(Math.max(1, rows)));
    this.keys = new long[size];
    this.counts = new int[size];
    this.shift = Long.SIZE - Integer.numberOfTrailingZeros(size);
  }

  void add(double number) {
    if (through) {
      accumulator.add(number);
      return;
    }
    long bits = Double.doubleToRawLongBits(number);
    int place = (int) (((bits ^ (bits >>> 32)) * MULTIPLIER) >>> shift);
    while (counts[place] != 0 && keys[place] != bits) {
      place = (place + 1) & (keys.length - 1);
    }
    seen++;
    if (counts[place]++ == 0) {
      keys[place] = bits;
      if (++used == keys.length / 2) {
        through = seen < WORTHWHILE * used;
        empty();
      }
    }
  }

  NumericSummary summary() {
    empty();
    return accumulator.summary();
  }

  private void empty() {
    for (int place = 0; place < counts.length; place++) {
      if (counts[place] != 0) {
        accumulator.add(Double.longBitsToDouble(keys[place]), counts[place]);
      }
    }
    Arrays.fill(counts, 0);
    used = 0;
    seen = 0;
  }
}
