package dev.mlops4j.monitoring;

import java.time.Instant;

/**
 * What a {@link Monitor} compares its windows with. Immutable.
 *
 * <pre>{@code
 * Monitor.of("flight-delay", LATE).in(workspace).reference(MonitorReference.previousWindow())
 * }</pre>
 */
public sealed interface MonitorReference {

  /** The training data of the version that answered: what a monitor does unless stated. */
  static MonitorReference training() {
    return new Training();
  }

  /**
   * The window before: whether a window changed by more than one window of the training data from
   * the next. For what drifts slowly by nature, such as a temperature through the year, and must
   * not jump; what has drifted slowly is not found. Takes at least 9 windows of training data;
   * without windows in it, two samples are compared. Each window is judged by itself, without
   * spans.
   */
  static MonitorReference previousWindow() {
    return new PreviousWindow();
  }

  /**
   * What was served in {@code [from, to)}, such as a quarter that was good: the windows that lie in
   * it whole, at least 8 of them, and at least twice as many as the longest span has. They are
   * counted in the bins of the version's training data; of the model's own predictions, only those
   * of the version that is judged count. Windows that begin before {@code to} are not judged. Not
   * with {@link MonitorBuilder#retention} or {@link MonitorBuilder#withoutVectors}: the predictions
   * of the range are counted anew when another version is judged.
   *
   * <p>Windows may be of any length, but the rate of false alarms holds only where each has a whole
   * cycle of what is served in it: days where hours differ, weeks where days do. Windows are
   * compared with each other wherever in a cycle they lie, so of hourly ones every afternoon may be
   * unlike the rest.
   *
   * @param from the first instant
   * @param to the first instant after it
   */
  static MonitorReference served(Instant from, Instant to) {
    return new Served(from, to);
  }

  /** See {@link MonitorReference#training}. */
  record Training() implements MonitorReference {

    @Override
    public String toString() {
      return "the training data";
    }
  }

  /** See {@link MonitorReference#previousWindow}. */
  record PreviousWindow() implements MonitorReference {

    @Override
    public String toString() {
      return "the window before";
    }
  }

  /**
   * See {@link MonitorReference#served}.
   *
   * @param from the first instant
   * @param to the first instant after it
   */
  record Served(Instant from, Instant to) implements MonitorReference {

    @Override
    public String toString() {
      return "what was served from " + from + " to " + to;
    }
  }
}
