package dev.mlops4j.monitoring;

import java.util.ArrayList;
import java.util.List;

/**
 * What values break a rule.
 *
 * @param below whether those below the bound do; else those above
 * @param bound the bound, or how far from the mean of windows before
 * @param clear what clears it, in the same unit; NaN if the bound does
 * @param before how many windows before are the measure; 0 if the bound is fixed
 */
record RuleLimit(boolean below, double bound, double clear, int before) {

  private static final int MOST_BEFORE = 100;

  /** What was found of a window. */
  enum Finding {
    /** The value is beyond the bound. */
    BROKEN,
    /** Neither of the others. */
    BETWEEN,
    /** The value is back. */
    CLEAR,
    /** There is no value to judge. */
    UNKNOWN
  }

  /** The bound for a window, given the mean of those before. */
  double boundAfter(double mean) {
    return before == 0 ? bound : below ? mean - bound : mean + bound;
  }

  private double clearAfter(double mean) {
    double from = Double.isNaN(clear) ? bound : clear;
    return before == 0 ? from : below ? mean - from : mean + from;
  }

  /**
   * What a value is.
   *
   * @param mean of the windows before; not used if the bound is fixed
   */
  Finding find(RuleValue value, double mean) {
    double limit = boundAfter(mean);
    if (Double.isNaN(value.value()) || Double.isNaN(limit)) {
      return Finding.UNKNOWN;
    }
    double nearest = below ? value.upper() : value.lower();
    if (below ? nearest < limit : nearest > limit) {
      return Finding.BROKEN;
    }
    double back = clearAfter(mean);
    return (below ? value.value() >= back : value.value() <= back)
        ? Finding.CLEAR
        : Finding.BETWEEN;
  }

  List<String> problems(String rule) {
    List<String> problems = new ArrayList<>();
    if (!Double.isFinite(bound) || (before != 0 && bound < 0)) {
      problems.add(
          rule
              + "has a bound of "
              + bound
              + ", which is not accepted: a finite number, and 0 or more against windows before");
    }
    // Against windows before, a smaller distance is further back on either side.
    boolean upwards = before == 0 && below;
    if (Double.isInfinite(clear) || (upwards ? clear < bound : clear > bound)) {
      problems.add(
          rule
              + "clear("
              + clear
              + ") is not accepted: it is "
              + (upwards ? "at least " : "at most ")
              + bound
              + ", so that what clears the rule does not break it");
    }
    if (before < 0 || before > MOST_BEFORE) {
      problems.add(
          rule + "worseThanBefore(" + before + ", ...) is not accepted: 1 to " + MOST_BEFORE);
    }
    return problems;
  }

  String words() {
    String side = below ? "below " : "above ";
    return before == 0
        ? side + RuleValue.text(bound)
        : side + "the mean of " + before + " windows before by more than " + RuleValue.text(bound);
  }
}
