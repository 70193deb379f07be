package dev.mlops4j.monitoring;

import dev.mlops4j.report.Printable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A column drifted, a rule is broken, or the retraining of a model fails. Immutable.
 *
 * <p>An alert of a column goes on as long as the same column of the same version alerts again in a
 * window that overlaps or follows at once, of whatever length: that is one alert which is {@link
 * #repeated}, not another one. An alert of an {@link AlertRule} goes on until the rule clears it,
 * or there is no such rule or column any more, which its words then say.
 *
 * @param id the same for the same alert however often it is delivered
 * @param model the model
 * @param version the version whose reference the window was compared with
 * @param versions the versions that served in the window
 * @param kind what it is about
 * @param column the column, or what the rule looks at
 * @param start the first instant of the window that alerted last
 * @param end the first instant after that window
 * @param firstEnd the first instant after the window that alerted first
 * @param repeats how many windows alerted after the first
 * @param verdict what was found in the window that alerted last
 * @param raisedAt when the alert was raised first, by the workspace's clock
 * @param severity how much it matters
 * @param rule the name of the rule that raised it; {@link #NO_RULE} without one
 * @param resolved when the rule cleared it or was gone, by the workspace's clock; null if neither
 */
public record Alert(
    String id,
    String model,
    int version,
    List<Integer> versions,
    AlertKind kind,
    String column,
    Instant start,
    Instant end,
    Instant firstEnd,
    int repeats,
    Verdict verdict,
    Instant raisedAt,
    Severity severity,
    String rule,
    @Nullable Instant resolved) {

  /** The name in place of a rule's where none is stated: every drift alerts. */
  public static final String NO_RULE = "default";

  /** Copies the versions. */
  public Alert {
    versions = List.copyOf(versions);
  }

  /** One that no rule raised: a warning that goes on. */
  public Alert(
      String id,
      String model,
      int version,
      List<Integer> versions,
      AlertKind kind,
      String column,
      Instant start,
      Instant end,
      Instant firstEnd,
      int repeats,
      Verdict verdict,
      Instant raisedAt) {
    this(
        id,
        model,
        version,
        versions,
        kind,
        column,
        start,
        end,
        firstEnd,
        repeats,
        verdict,
        raisedAt,
        Severity.WARNING,
        NO_RULE,
        null);
  }

  /** When it was found that it is over; empty before, and without a rule. */
  public Optional<Instant> resolvedAt() {
    return Optional.ofNullable(resolved);
  }

  /** The same with the severity and the name of a rule. */
  Alert by(AlertRule of) {
    return new Alert(
        id,
        model,
        version,
        versions,
        kind,
        column,
        start,
        end,
        firstEnd,
        repeats,
        verdict,
        raisedAt,
        of.severity(),
        of.name(),
        resolved);
  }

  /**
   * Whether it goes on.
   *
   * @param lastJudged the end of the last window that such an alert could have been of; null if
   *     there is none
   */
  boolean goesOn(@Nullable Instant lastJudged) {
    if (resolved != null) {
      return false;
    }
    return !rule.equals(NO_RULE) || (lastJudged != null && !end.isBefore(lastJudged));
  }

  /** How long the window is. */
  public Duration length() {
    return Duration.between(start, end);
  }

  /** Whether windows alerted before this one and the alert goes on. */
  public boolean repeated() {
    return repeats > 0;
  }

  /**
   * The alert in a sentence on one line: what comes from data has its control characters escaped.
   */
  @Override
  public String toString() {
    return Printable.of(sentence());
  }

  private String sentence() {
    if (kind == AlertKind.RETRAINING) {
      return model + ": " + verdict.words();
    }
    String repetition =
        repeated() ? " (since " + firstEnd + ", repeated " + repeats + " times)" : "";
    if (!kind.isDrift()) {
      return model
          + ": "
          + verdict.words()
          + " in "
          + start
          + " to "
          + end
          + repetition
          + (severity == Severity.WARNING ? "" : " [" + severity + "]");
    }
    return model
        + " version "
        + version
        + ": "
        + kind.word()
        + " \""
        + column
        + "\" drifted in "
        + start
        + " to "
        + end
        + repetition
        + ": "
        + verdict.words()
        + String.format(Locale.ROOT, " (effect %+.2f, q %.2g)", verdict.effect(), verdict.q());
  }
}
