package dev.mlops4j.monitoring;

import dev.mlops4j.evaluation.Interval;
import dev.mlops4j.model.Signature.Task;
import dev.mlops4j.monitoring.ColumnHistory.ColumnPoint;
import dev.mlops4j.monitoring.MonitorWindowReader.ColumnKey;
import dev.mlops4j.monitoring.SegmentFigures.Segments;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes reports of what a monitor has found. Not safe for use by several threads; it looks with an
 * evaluator of its own, so that evaluations go on meanwhile.
 */
final class MonitorReporter {

  private static final String NONE_ENDED = "No window has ended yet.";
  private static final String NONE_IN_RANGE =
      "No window that was watched and has ended lies whole in the time asked for.";

  /** Of windows by columns; beyond it the oldest windows are left out. */
  static final int MAX_POINTS = 100_000;

  private final String model;
  private final Task task;
  private final WindowEvaluator evaluator;
  private final References references;
  private final AlertBook alerts;
  private final PerformanceReader performances;

  MonitorReporter(
      String model,
      Task task,
      WindowEvaluator evaluator,
      References references,
      AlertBook alerts,
      PerformanceReader performances) {
    this.task = task;
    this.performances = performances;
    this.model = model;
    this.evaluator = evaluator;
    this.references = references;
    this.alerts = alerts;
  }

  /**
   * Of the windows that lie in {@code [from, to)} whole and have ended.
   *
   * @param from null for the last {@link MonitorReport#DEFAULT_WINDOWS}
   */
  MonitorReport report(@Nullable Instant from, @Nullable Instant to, Instant now) {
    Optional<WindowEvaluator.Watched> watched = evaluator.watched(now);
    if (watched.isEmpty() || watched.get().last() < watched.get().first()) {
      return MonitorReport.ofNothing(model, evaluator.reference(), NONE_ENDED);
    }
    Periods periods = evaluator.periods();
    long first = watched.get().first();
    long last = watched.get().last();
    long begin = Math.max(first, last - MonitorReport.DEFAULT_WINDOWS + 1);
    if (from != null && to != null) {
      long earliest = periods.numberOf(from);
      begin = Math.max(first, periods.start(earliest).isBefore(from) ? earliest + 1 : earliest);
      last = Math.min(last, periods.numberOf(to) - 1);
      if (last - begin >= MonitorReport.MAX_WINDOWS) {
        throw new IllegalArgumentException(
            "a report has at most "
                + MonitorReport.MAX_WINDOWS
                + " windows, from "
                + from
                + " to "
                + to
                + " there are "
                + (last - begin + 1)
                + "; ask for a shorter time");
      }
    }
    return begin > last
        ? MonitorReport.ofNothing(model, evaluator.reference(), NONE_IN_RANGE)
        : report(first, begin, last, now);
  }

  private MonitorReport report(long first, long from, long last, Instant now) {
    Map<Long, Integer> judged = evaluator.judgedVersions(from - evaluator.longestSpan(), last);
    WindowEvaluator.Done done = evaluator.done();
    // Read last, so that no alert is older than the windows that say whether it goes on.
    List<Alert> raised = alerts.ofWindows();
    Map<ColumnKey, ColumnHistory> latest = latest(first, from, last, now, judged);
    long most = mostWindows(latest.size());
    long begin = Math.max(from, last - most + 1);
    Map<ColumnKey, List<ColumnPoint>> points = new HashMap<>();
    latest.keySet().forEach(key -> points.put(key, new ArrayList<>()));
    Map<String, Map<Instant, Estimate>> functions = read(performances.metricNames());
    // Retention leaves no outputs and outcomes to compute metrics from.
    Map<String, Map<Instant, Estimate>> stored =
        evaluator.areRowsRemoved(begin) ? read(KnownNames.metrics(task)) : Map.of();
    List<MonitorWindow> windows = new ArrayList<>();
    for (long period = begin; period <= last; period++) {
      MonitorWindowReader read =
          asked(period, judged)
              ? MonitorWindowReader.of(
                  evaluator.look(first, period, period, now, judged), done.of(period))
              : MonitorWindowReader.silent(model, evaluator.periods(), period);
      windows.add(read.window().with(functions).withStored(stored));
      latest.forEach(
          (key, column) ->
              points.computeIfAbsent(key, k -> new ArrayList<>()).add(read.point(key, column)));
    }
    int version =
        windows.stream()
            .filter(window -> !window.isSilent())
            .map(window -> window.report().version())
            .reduce((one, later) -> later)
            .orElse(0);
    Importance importance = references.importance(version);
    List<ColumnHistory> columns = new ArrayList<>();
    latest.forEach(
        (key, column) ->
            columns.add(
                column.with(
                    key.kind() == AlertKind.FEATURE_DRIFT ? importance.of(key.name()) : Double.NaN,
                    points.getOrDefault(key, List.of()))));
    return new MonitorReport(
        model,
        evaluator.reference(),
        windows,
        ranked(columns, importance),
        importance.measure(),
        raised,
        segments(first, begin, last, now, windows),
        begin - from,
        NONE_ENDED);
  }

  /** Metrics by name and by the beginning of the window, as stored. */
  private Map<String, Map<Instant, Estimate>> read(Collection<String> names) {
    Map<String, Map<Instant, Estimate>> metrics = new LinkedHashMap<>();
    for (String name : names) {
      Map<Instant, Estimate> byStart = new HashMap<>();
      for (WindowMetric metric : evaluator.history(name)) {
        byStart.put(
            metric.start(),
            new Estimate(
                metric.value(),
                metric.interval().map(Interval::lower).orElse(Double.NaN),
                metric.interval().map(Interval::upper).orElse(Double.NaN)));
      }
      metrics.put(name, byStart);
    }
    return metrics;
  }

  static long mostWindows(int columns) {
    return Math.max(1, MAX_POINTS / Math.max(1, columns));
  }

  /** Of the last windows whose outcomes are due, as many as the longest span has. */
  private Segments segments(
      long first, long begin, long last, Instant now, List<MonitorWindow> windows) {
    long to = Math.min(last, evaluator.lastWithOutcomes(now));
    long from = Math.max(begin, to - evaluator.longestSpan() + 1);
    if (!performances.hasSegments() || from > to) {
      return Segments.NONE;
    }
    long before = Math.max(first, from - (to - from + 1));
    boolean labelsShown =
        windows.stream()
            .map(MonitorWindow::report)
            .filter(WindowReport::outcomesIn)
            .filter(window -> window.performance().rows() > 0)
            .allMatch(WindowReport::labelsShown);
    return Segments.of(
        (int) (to - from + 1),
        task,
        labelsShown,
        performance(from, to),
        performance(before, from - 1));
  }

  private PerformanceReport performance(long from, long to) {
    Periods periods = evaluator.periods();
    return performances.read(periods.startMicros(from), periods.startMicros(to + 1));
  }

  /** By what was found, then by effect times importance; outputs matter as the first input does. */
  private static List<ColumnHistory> ranked(List<ColumnHistory> columns, Importance importance) {
    double greatest = importance.greatest();
    return columns.stream()
        .sorted(
            Comparator.comparingInt((ColumnHistory c) -> c.verdict().status().rank())
                .thenComparing(
                    Comparator.comparingDouble(
                            (ColumnHistory c) ->
                                c.verdict().weight()
                                    * (Double.isNaN(c.importance()) ? greatest : c.importance()))
                        .reversed())
                .thenComparing(
                    Comparator.comparingDouble((ColumnHistory c) -> c.verdict().weight())
                        .reversed()))
        .toList();
  }

  /**
   * The columns of the last window with predictions, each as the gravest of its spans has it; those
   * that wait for outcomes as in the last window whose outcomes are due.
   */
  private Map<ColumnKey, ColumnHistory> latest(
      long first, long begin, long last, Instant now, Map<Long, Integer> judged) {
    Map<ColumnKey, ColumnHistory> columns = lastWithColumns(first, begin, last, now, judged);
    long due = Math.min(last, evaluator.lastWithOutcomes(now));
    if (due < last) {
      lastWithColumns(first, begin, due, now, judged)
          .forEach(
              (key, column) -> {
                if (column.column().isOutcome()) {
                  columns.putIfAbsent(key, column);
                }
              });
    }
    return columns;
  }

  /** Where the last one cannot be judged, the columns of the one before it with that verdict. */
  private Map<ColumnKey, ColumnHistory> lastWithColumns(
      long first, long begin, long last, Instant now, Map<Long, Integer> judged) {
    WindowEvaluator.Look unjudged = null;
    for (long period = last; period >= begin; period--) {
      if (asked(period, judged)) {
        Map<ColumnKey, ColumnHistory> columns = columns(first, period, now, judged);
        if (!columns.isEmpty()) {
          WindowEvaluator.Look later = unjudged;
          if (later != null) {
            columns.replaceAll((key, column) -> column.unjudgedIn(later.report()));
          }
          return columns;
        }
        unjudged = unjudged == null ? evaluator.look(first, period, period, now, judged) : unjudged;
      }
    }
    return new LinkedHashMap<>();
  }

  private Map<ColumnKey, ColumnHistory> columns(
      long first, long period, Instant now, Map<Long, Integer> judged) {
    Map<ColumnKey, ColumnHistory> columns = new LinkedHashMap<>();
    for (int span : evaluator.spans()) {
      if (period - span + 1 >= first) {
        WindowEvaluator.Look look = evaluator.look(first, period - span + 1, period, now, judged);
        MonitorWindowReader.columns(look)
            .forEach((key, column) -> columns.merge(key, column, MonitorReporter::graver));
      }
    }
    return columns;
  }

  /** Also if its predictions are removed by now. */
  private boolean asked(long period, Map<Long, Integer> judged) {
    return judged.getOrDefault(period, 0) > 0 || evaluator.asked(period);
  }

  private static ColumnHistory graver(ColumnHistory one, ColumnHistory other) {
    int difference = one.verdict().status().rank() - other.verdict().status().rank();
    boolean keep =
        difference != 0 ? difference < 0 : one.verdict().weight() >= other.verdict().weight();
    return keep ? one : other;
  }
}
