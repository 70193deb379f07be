package dev.mlops4j.monitoring;

import dev.mlops4j.model.Signature.Task;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One value of a segment in the last windows of a {@link MonitorReport}.
 *
 * @param segment the name of the segment
 * @param value its value
 * @param now its predictions in these windows
 * @param before its predictions in as many windows before; null if there were none
 * @param metric the metric that says which is worse; its name is in {@link Segments}
 * @param worse whether the whole interval of the metric is worse than it is of all predictions
 */
record SegmentFigures(
    String segment,
    String value,
    Performance now,
    @Nullable Performance before,
    Estimate metric,
    boolean worse) {

  /** The mean of what was predicted of the labelled ones, less what it was before. */
  double predictedChange() {
    return before == null ? Double.NaN : now.predicted() - before.predicted();
  }

  /**
   * The segments of a report.
   *
   * @param windows how many windows they are of, the last ones whose outcomes are due
   * @param metric the metric by which they are ordered
   * @param labelsShown whether what is made of outcomes may be shown
   * @param figures by segment, the worst value first; those whose metric has no interval last
   */
  record Segments(
      int windows,
      String metric,
      boolean labelsShown,
      Estimate overall,
      List<SegmentFigures> figures) {

    static final Segments NONE = new Segments(0, "", false, Estimate.unknown(), List.of());

    /** Copies the list. */
    Segments {
      figures = List.copyOf(figures);
    }

    static Segments of(
        int windows,
        Task task,
        boolean labelsShown,
        PerformanceReport now,
        PerformanceReport before) {
      String metric = metric(task);
      boolean higherIsWorse = task != Task.MULTICLASS;
      Estimate overall = labelsShown ? estimate(now.overall(), metric) : Estimate.unknown();
      List<SegmentFigures> figures = new ArrayList<>();
      now.bySegment()
          .forEach(
              (segment, values) -> {
                Map<String, Performance> earlier =
                    before.bySegment().getOrDefault(segment, Map.of());
                List<SegmentFigures> of = new ArrayList<>();
                values.forEach(
                    (value, performance) -> {
                      Estimate found =
                          labelsShown ? estimate(performance, metric) : Estimate.unknown();
                      boolean worse =
                          higherIsWorse
                              ? found.low() > overall.value()
                              : found.high() < overall.value();
                      of.add(
                          new SegmentFigures(
                              segment, value, performance, earlier.get(value), found, worse));
                    });
                of.sort(worstFirst(higherIsWorse));
                figures.addAll(of);
              });
      return new Segments(windows, metric, labelsShown, overall, figures);
    }

    private static Comparator<SegmentFigures> worstFirst(boolean higherIsWorse) {
      Comparator<SegmentFigures> byMetric =
          Comparator.comparingDouble(
              one -> {
                Estimate metric = one.metric();
                double bad = higherIsWorse ? metric.low() : -metric.high();
                return Double.isNaN(bad) ? Double.NEGATIVE_INFINITY : bad;
              });
      return byMetric.reversed().thenComparing(one -> -one.now().rows());
    }

    /** What each labelled prediction has a part in, so that it is comparable between segments. */
    private static String metric(Task task) {
      return switch (task) {
        case BINARY -> "log_loss";
        case MULTICLASS -> "accuracy";
        case REGRESSION -> "mae";
      };
    }

    private static Estimate estimate(Performance performance, String metric) {
      double value = performance.metrics().getOrDefault(metric, Double.NaN);
      return Estimate.of(value, performance.intervals().get(metric));
    }
  }
}
