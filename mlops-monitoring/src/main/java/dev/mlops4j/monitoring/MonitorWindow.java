package dev.mlops4j.monitoring;

import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One window of a {@link MonitorReport}.
 *
 * @param report what was found
 * @param figures its performance, by name; empty while outcomes are not due
 * @param evaluated how far {@link Monitor#evaluate} has come with it
 * @param problem why it could not be judged although something was predicted in it; or null
 */
record MonitorWindow(
    WindowReport report,
    Map<String, Estimate> figures,
    Evaluated evaluated,
    @Nullable String problem) {

  /** How far an evaluation has come with a window. */
  enum Evaluated {
    NOT_YET,
    WITHOUT_OUTCOMES,
    WITH_OUTCOMES
  }

  /**
   * The same with the means of functions of the user, in place of metrics of the same name; without
   * them where nothing that is made of outcomes is shown.
   *
   * @param functions by name, of each the windows by their beginning
   */
  MonitorWindow with(Map<String, Map<Instant, Estimate>> functions) {
    if (figures.isEmpty() || !report.labelsShown()) {
      return this;
    }
    Map<String, Estimate> all = new LinkedHashMap<>(figures);
    functions.forEach(
        (name, byStart) -> {
          Estimate found = byStart.get(report.start());
          if (found != null) {
            all.put(name, found);
          }
        });
    return new MonitorWindow(report, Collections.unmodifiableMap(all), evaluated, problem);
  }

  /**
   * The same with metrics that were stored when it was evaluated, if nothing is left that they
   * could be computed from.
   *
   * @param metrics by name, of each the windows by their beginning
   */
  MonitorWindow withStored(Map<String, Map<Instant, Estimate>> metrics) {
    Performance performance = report.performance();
    if (figures.isEmpty() || performance.labelled() == 0 || performance.evaluation().isPresent()) {
      return this;
    }
    Map<String, Map<Instant, Estimate>> stored = new HashMap<>();
    metrics.forEach(
        (name, byStart) ->
            WindowFigures.figure(name).ifPresent(figure -> stored.put(figure, byStart)));
    MonitorWindow all = with(stored);
    return new MonitorWindow(report, WindowFigures.inOrder(all.figures), evaluated, problem);
  }

  boolean isSilent() {
    return report.performance().rows() == 0;
  }

  /** Whether something was predicted that is to be evaluated, by now also with its outcomes. */
  boolean waits() {
    return !isSilent()
        && (evaluated == Evaluated.NOT_YET
            || (evaluated == Evaluated.WITHOUT_OUTCOMES && report.outcomesIn()));
  }

  /** Whether alerts of this kind could have been raised by it, or gone on. */
  boolean tells(AlertKind kind) {
    return !isSilent()
        && (kind.needsOutcomes()
            ? evaluated == Evaluated.WITH_OUTCOMES
            : evaluated != Evaluated.NOT_YET);
  }
}
