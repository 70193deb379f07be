package dev.mlops4j.monitoring;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * A column drifted, or the retraining of a model fails. Immutable.
 *
 * <p>An alert goes on as long as the same column of the same version alerts again in a window that
 * overlaps or follows at once, of whatever length: that is one alert which is {@link #repeated},
 * not another one.
 *
 * @param id the same for the same alert however often it is delivered
 * @param model the model
 * @param version the version whose reference the window was compared with
 * @param versions the versions that served in the window
 * @param kind what drifted
 * @param column the column
 * @param start the first instant of the window that alerted last
 * @param end the first instant after that window
 * @param firstEnd the first instant after the window that alerted first
 * @param repeats how many windows alerted after the first
 * @param verdict what was found in the window that alerted last
 * @param raisedAt when the alert was raised first, by the workspace's clock
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
    Instant raisedAt) {

  /** Copies the versions. */
  public Alert {
    versions = List.copyOf(versions);
  }

  /** How long the window is. */
  public Duration length() {
    return Duration.between(start, end);
  }

  /** Whether windows alerted before this one and the alert goes on. */
  public boolean repeated() {
    return repeats > 0;
  }

  /** The alert in a sentence. */
  @Override
  public String toString() {
    if (kind == AlertKind.RETRAINING) {
      return model + ": " + verdict.words();
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
        + (repeated() ? " (since " + firstEnd + ", repeated " + repeats + " times)" : "")
        + ": "
        + verdict.words()
        + String.format(Locale.ROOT, " (effect %+.2f, q %.2g)", verdict.effect(), verdict.q());
  }
}
