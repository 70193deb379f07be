package dev.mlops4j.monitoring;

import dev.mlops4j.evaluation.Interval;
import java.math.BigDecimal;
import java.math.MathContext;
import org.jspecify.annotations.Nullable;

/**
 * What a rule sees of a window.
 *
 * @param value the value; NaN if there is none
 * @param lower the lower end of its interval; the value itself without one
 * @param upper the upper end
 * @param rows of how many rows it is
 */
record RuleValue(double value, double lower, double upper, long rows) {

  static RuleValue of(double value, @Nullable Interval interval, long rows) {
    return interval == null
        ? new RuleValue(value, value, value, rows)
        : new RuleValue(value, interval.lower(), interval.upper(), rows);
  }

  static RuleValue share(long part, long whole) {
    return whole == 0
        ? of(Double.NaN, null, 0)
        : of((double) part / whole, Interval.wilson(part, whole), whole);
  }

  boolean hasInterval() {
    return lower != upper;
  }

  String words() {
    return text(value)
        + (hasInterval() ? " (95 %: " + text(lower) + " to " + text(upper) + ")" : "");
  }

  /** Four digits, without an exponent where people would not write one. */
  static String text(double number) {
    if (!Double.isFinite(number)) {
      return Double.toString(number);
    }
    BigDecimal rounded = new BigDecimal(number).round(new MathContext(4)).stripTrailingZeros();
    boolean plain = rounded.scale() < 9 && rounded.precision() - rounded.scale() < 16;
    return plain ? rounded.toPlainString() : rounded.toString();
  }
}
