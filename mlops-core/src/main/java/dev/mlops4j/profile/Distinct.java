package dev.mlops4j.profile;

import com.dynatrace.hash4j.distinctcount.UltraLogLog;
import com.dynatrace.hash4j.hashing.Hashing;

/**
 * How distinct values are hashed and their number is estimated: UltraLogLog (O. Ertl, "UltraLogLog:
 * A Practical and More Space-Efficient Alternative to HyperLogLog for Approximate Distinct
 * Counting", 2023) of 1,024 registers, whose standard error is 2.4 %. The functions here are part
 * of the stored format.
 */
final class Distinct {

  private static final int PRECISION = 10;

  /** How many bytes the state of a counter has. */
  static final int STATE_BYTES = 1 << PRECISION;

  private Distinct() {}

  static UltraLogLog counter() {
    return UltraLogLog.create(PRECISION);
  }

  static long hash(String text) {
    return Hashing.komihash5_0().hashCharsToLong(text);
  }

  /** The finalizer of SplitMix64 over the bits; 0.0 and -0.0 must have been made one before. */
  static long hash(double value) {
    long z = Double.doubleToRawLongBits(value) + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  static long estimate(byte[] state) {
    return Math.round(UltraLogLog.wrap(state).getDistinctCountEstimate());
  }
}
