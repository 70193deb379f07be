package dev.mlops4j.profile;

import java.math.BigInteger;

/**
 * The exact sum of any number of finite doubles, or of their squares.
 *
 * <p>R. M. Neal's small superaccumulator ("Fast exact summation using small and large
 * superaccumulators", 2015), widened so that squares need no rounding either: a fixed-point number
 * in limbs of 32 bits, whose carries are passed on only now and then. The cost of a value is two
 * additions, of a square four; the memory is about 1 kB. Not safe for use by several threads.
 */
final class ExactSum {

  /** The weight of the lowest bit is 2^-2150: the square of the smallest double is 2^-2148. */
  static final int SCALE = 2150;

  /** Up to 2^2111: 2^63 squares of the greatest double. */
  private static final int LIMBS = (SCALE + 2111) / 32 + 2;

  private static final int LIMB_BITS = 32;
  private static final long LIMB_MASK = 0xFFFF_FFFFL;

  /** A limb takes less than 2^53 from one value, so that 2^9 of them stay within a long. */
  private static final int ADDITIONS_BEFORE_CARRY = 1 << 9;

  private static final int FRACTION_BITS = 52;
  private static final long FRACTION_MASK = (1L << FRACTION_BITS) - 1;
  private static final int EXPONENT_MASK = 0x7FF;

  private final long[] limbs = new long[LIMBS];
  private int additions;

  /** Adds a finite value. */
  void add(double value) {
    addShifted(value, 0);
  }

  /** Adds a finite value so many times: a sum of its multiples by powers of two. */
  void add(double value, long times) {
    for (long rest = times; rest != 0; rest &= rest - 1) {
      addShifted(value, Long.numberOfTrailingZeros(rest));
    }
  }

  /** Adds 2^times a finite value. */
  private void addShifted(double value, int times) {
    long bits = Double.doubleToRawLongBits(value);
    int exponent = exponent(bits);
    long significand = significand(bits);
    // The significand's lowest bit weighs 2^(exponent - 1075).
    int position = exponent - 1075 + SCALE + times;
    int shift = position & (LIMB_BITS - 1);
    int limb = position >>> 5;
    long sign = bits >> 63;
    long low = (significand << shift) & LIMB_MASK;
    long high = significand >>> (LIMB_BITS - shift);
    limbs[limb] += (low ^ sign) - sign;
    limbs[limb + 1] += (high ^ sign) - sign;
    count();
  }

  /** Adds the square of a finite value, which need not be finite or exact as a double. */
  void addSquare(double value) {
    addShiftedSquare(value, 0);
  }

  /** Adds the square of a finite value so many times. */
  void addSquare(double value, long times) {
    for (long rest = times; rest != 0; rest &= rest - 1) {
      addShiftedSquare(value, Long.numberOfTrailingZeros(rest));
    }
  }

  private void addShiftedSquare(double value, int times) {
    long bits = Double.doubleToRawLongBits(value);
    long significand = significand(bits);
    int position = 2 * (exponent(bits) - 1075) + SCALE + times;
    int shift = position & (LIMB_BITS - 1);
    int limb = position >>> 5;
    long low = significand * significand;
    long high = Math.multiplyHigh(significand, significand);
    long middle = low >>> (LIMB_BITS - shift);
    long third = (high & LIMB_MASK) << shift;
    limbs[limb] += (low << shift) & LIMB_MASK;
    limbs[limb + 1] += middle & LIMB_MASK;
    limbs[limb + 2] += (middle >>> LIMB_BITS) + (third & LIMB_MASK);
    limbs[limb + 3] += (third >>> LIMB_BITS) + ((high >>> LIMB_BITS) << shift);
    count();
  }

  /** The sum in units of 2^-{@link #SCALE}. */
  BigInteger scaled() {
    carry();
    byte[] bytes = new byte[LIMBS * Integer.BYTES];
    for (int i = 0; i < LIMBS; i++) {
      int end = bytes.length - i * Integer.BYTES;
      int limb = (int) limbs[i];
      bytes[end - 1] = (byte) limb;
      bytes[end - 2] = (byte) (limb >>> 8);
      bytes[end - 3] = (byte) (limb >>> 16);
      bytes[end - 4] = (byte) (limb >>> 24);
    }
    return new BigInteger(bytes);
  }

  private void count() {
    if (++additions == ADDITIONS_BEFORE_CARRY) {
      carry();
    }
  }

  /** Leaves 32 bits in each limb; the sign ends up in the last one. */
  private void carry() {
    additions = 0;
    long carry = 0;
    for (int i = 0; i < LIMBS - 1; i++) {
      long limb = limbs[i] + carry;
      carry = limb >> LIMB_BITS;
      limbs[i] = limb & LIMB_MASK;
    }
    limbs[LIMBS - 1] += carry;
  }

  /** The biased exponent, 1 for the subnormal numbers, whose significand has no implicit bit. */
  private static int exponent(long bits) {
    return Math.max(1, (int) (bits >>> FRACTION_BITS) & EXPONENT_MASK);
  }

  private static long significand(long bits) {
    long fraction = bits & FRACTION_MASK;
    return ((bits >>> FRACTION_BITS) & EXPONENT_MASK) == 0
        ? fraction
        : fraction | (1L << FRACTION_BITS);
  }
}
