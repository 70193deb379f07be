package dev.mlops4j.data;

/**
 * Numbers from text, whatever the locale: ASCII digits only, nothing trimmed, nothing that Java's
 * own parsers take beyond that (a type's suffix, hexadecimal).
 */
final class CellNumbers {

  private static final long LARGEST_EXACT = 1L << 53;
  private static final int LONGEST_MANTISSA = 18;
  private static final double[] POWERS_OF_TEN = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22
  };

  private CellNumbers() {}

  static long parseLong(char[] text, int from, int length) throws CellException {
    int end = from + length;
    int at = from;
    boolean negative = false;
    if (at < end && (text[at] == '-' || text[at] == '+')) {
      negative = text[at] == '-';
      at++;
    }
    if (at == end) {
      throw new CellException("not a whole number");
    }
    long value = 0;
    boolean overflow = false;
    for (; at < end; at++) {
      int digit = text[at] - '0';
      if (digit < 0 || digit > 9) {
        throw new CellException("not a whole number");
      }
      // Counted downwards, for the least long has no positive counterpart.
      overflow |= value < (Long.MIN_VALUE + digit) / 10;
      value = value * 10 - digit;
    }
    overflow |= !negative && value == Long.MIN_VALUE;
    if (overflow) {
      throw new CellException("beyond the range of INT64");
    }
    return negative ? value : -value;
  }

  /**
   * The double nearest to the decimal number. A mantissa below 2^53 and a power of ten up to 22 are
   * exact doubles, so one operation rounds correctly (Clinger, "How to read floating point numbers
   * accurately", 1990); the rest goes to {@link Double#parseDouble}.
   */
  static double parseDouble(char[] text, int from, int length) throws CellException {
    int end = from + length;
    int at = from;
    boolean negative = false;
    if (at < end && (text[at] == '-' || text[at] == '+')) {
      negative = text[at] == '-';
      at++;
    }
    if (at < end && text[at] > '9') {
      return word(new String(text, at, end - at), negative);
    }
    long mantissa = 0;
    int digits = 0;
    int scale = 0;
    boolean point = false;
    for (; at < end; at++) {
      char c = text[at];
      if (c >= '0' && c <= '9') {
        digits++;
        if (digits <= LONGEST_MANTISSA) {
          mantissa = mantissa * 10 + (c - '0');
        }
        scale += point ? 1 : 0;
      } else if (c == '.' && !point) {
        point = true;
      } else {
        break;
      }
    }
    if (digits == 0) {
      throw new CellException("not a number");
    }
    boolean simple = at == end;
    if (!simple) {
      checkExponent(text, at, end);
    }
    if (simple
        && digits <= LONGEST_MANTISSA
        && mantissa <= LARGEST_EXACT
        && scale < POWERS_OF_TEN.length) {
      double value = mantissa / POWERS_OF_TEN[scale];
      return negative ? -value : value;
    }
    double value = Double.parseDouble(new String(text, from, length));
    if (Double.isInfinite(value)) {
      throw new CellException("beyond the range of FLOAT64");
    }
    return value;
  }

  /**
   * Whether the number's own notation would be lost by reading it as a number: leading zeros, as in
   * a postal code, or a plus, as in a telephone number.
   */
  static boolean isIdentifierLike(char[] text, int from, int length) {
    int at = length > 1 && text[from] == '-' ? from + 1 : from;
    int end = from + length;
    return length > 0
        && (text[from] == '+'
            || (at + 1 < end && text[at] == '0' && text[at + 1] >= '0' && text[at + 1] <= '9'));
  }

  private static void checkExponent(char[] text, int from, int end) throws CellException {
    int at = from;
    if (text[at] != 'e' && text[at] != 'E') {
      throw new CellException("not a number");
    }
    at++;
    if (at < end && (text[at] == '-' || text[at] == '+')) {
      at++;
    }
    boolean any = at < end;
    for (; at < end; at++) {
      if (text[at] < '0' || text[at] > '9') {
        throw new CellException("not a number");
      }
    }
    if (!any) {
      throw new CellException("not a number");
    }
  }

  private static double word(String word, boolean negative) throws CellException {
    if (word.equalsIgnoreCase("nan")) {
      return Double.NaN;
    }
    if (word.equalsIgnoreCase("inf") || word.equalsIgnoreCase("infinity")) {
      return negative ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
    }
    throw new CellException("not a number");
  }
}
