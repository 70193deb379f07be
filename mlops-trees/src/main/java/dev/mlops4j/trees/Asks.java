package dev.mlops4j.trees;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the trees that are walked in lanes ask of a row: each feature, by each of the rules for what
 * is missing that nodes have. The answers are worked out once a row, so that no step looks for
 * missing values, and are integers in the order of the floats that they stand for: a missing value
 * that goes left is less than any of them, one that goes right is greater.
 *
 * <p>Immutable, once it is built.
 */
final class Asks {

  private static final int RULE = Tree.DEFAULT_LEFT | Tree.ZERO_IS_MISSING;
  private static final int FEATURE_SHIFT = 3;

  /** Of each ask the feature, shifted, and the rule, as the flags of {@link Tree}. */
  private final int[] asks;

  private Asks(int[] asks) {
    this.asks = asks;
  }

  int size() {
    return asks.length;
  }

  /** Returns what a row answers, at the index of each ask, in the thread's {@link Scratch}. */
  int[] of(float[] rows, int from) {
    int[] answers = Scratch.answers(asks.length);
    for (int i = 0; i < asks.length; i++) {
      answers[i] = answer(asks[i], rows, from);
    }
    return answers;
  }

  /**
   * Finds what a row answers as one of several.
   *
   * @param answers gets the answers, one each {@code stride}, beginning at {@code to}
   */
  void of(float[] rows, int from, int[] answers, int to, int stride) {
    for (int i = 0, at = to; i < asks.length; i++, at += stride) {
      answers[at] = answer(asks[i], rows, from);
    }
  }

  private static int answer(int ask, float[] rows, int from) {
    float x = rows[from + (ask >>> FEATURE_SHIFT)];
    if (Float.isNaN(x) || ((ask & Tree.ZERO_IS_MISSING) != 0 && Math.abs(x) <= Walk.ZERO)) {
      return (ask & Tree.DEFAULT_LEFT) != 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE;
    }
    return inOrder(x);
  }

  /** An integer for a float that is no NaN, of the same order; one for both zeros. */
  static int inOrder(float x) {
    int bits = Float.floatToRawIntBits(x + 0f); // -0 + 0 is 0
    return bits ^ (bits >> (Integer.SIZE - 1) >>> 1); // of negative floats the greater is less
  }

  /** Collects asks. */
  static final class Builder {

    private final int most;
    private final Map<Integer, Integer> indexes = new LinkedHashMap<>();

    /**
     * @param most how many asks there can be
     */
    Builder(int most) {
      this.most = most;
    }

    /** Returns the index of an ask, or -1 if there are too many. */
    int index(int feature, int flags) {
      if (feature > Integer.MAX_VALUE >>> FEATURE_SHIFT) {
        return -1;
      }
      int ask = (feature << FEATURE_SHIFT) | (flags & RULE);
      Integer known = indexes.get(ask);
      if (known == null && indexes.size() < most) {
        known = indexes.size();
        indexes.put(ask, known);
      }
      return known == null ? -1 : known;
    }

    Asks build() {
      return new Asks(indexes.keySet().stream().mapToInt(Integer::intValue).toArray());
    }
  }
}
