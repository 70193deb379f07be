package dev.mlops4j.tracking;

import java.util.ArrayList;
import java.util.List;

/** The parts of a LIKE's pattern: characters, and the two that stand for others. */
final class LikePattern {

  /** Any characters, or none. */
  static final int ANY = -1;

  /** Exactly one character. */
  static final int ONE = -2;

  private LikePattern() {}

  /**
   * Takes a pattern apart.
   *
   * @return code points, {@link #ANY} and {@link #ONE}
   * @throws IllegalArgumentException see {@link Filter.Like}
   */
  static List<Integer> parse(String pattern) {
    if (pattern.length() > Filter.MAX_PATTERN_LENGTH) {
      throw new IllegalArgumentException(
          "a pattern has at most "
              + Filter.MAX_PATTERN_LENGTH
              + " characters, found "
              + pattern.length());
    }
    if (!SearchText.isUnicode(pattern) || pattern.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(
          "a pattern has neither half of a surrogate pair nor the character U+0000");
    }
    List<Integer> parts = new ArrayList<>();
    int[] codePoints = pattern.codePoints().toArray();
    for (int i = 0; i < codePoints.length; i++) {
      if (codePoints[i] == '%') {
        parts.add(ANY);
      } else if (codePoints[i] == '_') {
        parts.add(ONE);
      } else if (codePoints[i] != '\\') {
        parts.add(codePoints[i]);
      } else if (i + 1 < codePoints.length && "%_\\".indexOf(codePoints[i + 1]) >= 0) {
        parts.add(codePoints[++i]);
      } else {
        throw new IllegalArgumentException(
            "a backslash in a pattern stands before %, _ or a backslash; write two for one");
      }
    }
    return parts;
  }
}
