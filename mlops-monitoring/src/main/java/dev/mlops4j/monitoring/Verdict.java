package dev.mlops4j.monitoring;

import java.util.Comparator;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What was found of one column in one window. Immutable.
 *
 * @param column the name of the feature, {@code prediction}, the name of the target, or {@code
 *     predicted against actual}
 * @param kind what the column is
 * @param status what was found
 * @param aspect the respect that leads: the one with the smallest p-value; null without a test
 * @param category the category that leads, if the aspect is about categories; else null
 * @param effect how great the difference is, in the unit of the aspect; NaN without a test
 * @param test which test gave the p-value of the aspect that leads, for people; null without a test
 *     and where the effect is too small to matter
 * @param p the p-value of the column, all aspects taken together; NaN without a test
 * @param q the p-value adjusted for the columns of the window; NaN without a test
 * @param referenceRows how many rows the reference has that count
 * @param windowRows how many rows the window has that count
 * @param words what was found, in a sentence
 */
public record Verdict(
    String column,
    AlertKind kind,
    Status status,
    @Nullable Aspect aspect,
    @Nullable String category,
    double effect,
    @Nullable String test,
    double p,
    double q,
    long referenceRows,
    long windowRows,
    String words) {

  /** One that does not say which test it was. */
  public Verdict(
      String column,
      AlertKind kind,
      Status status,
      @Nullable Aspect aspect,
      @Nullable String category,
      double effect,
      double p,
      double q,
      long referenceRows,
      long windowRows,
      String words) {
    this(
        column,
        kind,
        status,
        aspect,
        category,
        effect,
        null,
        p,
        q,
        referenceRows,
        windowRows,
        words);
  }

  /**
   * One without a test of two samples.
   *
   * @param value what was found instead, such as the value of a rule, or NaN
   */
  static Verdict untested(
      String column,
      AlertKind kind,
      Status status,
      double value,
      long referenceRows,
      long windowRows,
      String words) {
    return new Verdict(
        column,
        kind,
        status,
        null,
        null,
        value,
        Double.NaN,
        Double.NaN,
        referenceRows,
        windowRows,
        words);
  }

  /** What was found. */
  public enum Status {
    /** No difference that is both large enough to matter and more than chance. */
    OK,
    /** A difference that is. */
    ALERT,
    /** It cannot be told yet. */
    NOT_ENOUGH_DATA,
    /** The column could not be judged; the words say why. */
    ERROR;

    /** What to look at first has the smallest. */
    int rank() {
      return switch (this) {
        case ALERT -> 0;
        case ERROR -> 1;
        case NOT_ENOUGH_DATA -> 2;
        case OK -> 3;
      };
    }
  }

  /** By what was found, then by weight, the greatest first. */
  static Comparator<Verdict> byRank(ToDoubleFunction<Verdict> weight) {
    return Comparator.comparingInt((Verdict verdict) -> verdict.status().rank())
        .thenComparing(Comparator.comparingDouble(weight).reversed());
  }

  /** The effect in units of what is too small to matter; 0 without a test. */
  public double weight() {
    return aspect == null || Double.isNaN(effect) ? 0 : Math.abs(effect) / aspect.floor();
  }

  /** What led to it, for people: the effect, the test and both p-values; empty without a test. */
  String evidence() {
    if (aspect == null || Double.isNaN(effect)) {
      return "";
    }
    return String.format(
        Locale.ROOT,
        "Effect %+.3f (%s), %.1f times what is too small to matter; %sp %.2g, q %.2g.",
        effect,
        aspect.word(),
        weight(),
        test == null ? "" : test + ", ",
        p,
        q);
  }

  /** Whether the column drifted. */
  public boolean isAlert() {
    return status == Status.ALERT;
  }
}
