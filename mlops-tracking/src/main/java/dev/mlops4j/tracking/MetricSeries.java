package dev.mlops4j.tracking;

import dev.mlops4j.evaluation.Better;
import dev.mlops4j.report.Thinning;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a comparison keeps of a metric's series, however long that is. Immutable.
 *
 * @param points how many points the series has; 0 if the run has no such metric
 * @param nan how many of them are NaN
 * @param infinite how many of them are infinite
 * @param least the first point with the least value, infinities included; null if all are NaN
 * @param greatest the first point with the greatest value; null if all are NaN
 * @param shown the points by (step, time), of each step the latest: all of them up to {@link
 *     #MOST_SHOWN}, else as many that keep the shape, see {@link Thinning}
 * @param steps how many steps there are
 */
public record MetricSeries(
    long points,
    long nan,
    long infinite,
    @Nullable MetricPoint least,
    @Nullable MetricPoint greatest,
    List<MetricPoint> shown,
    long steps) {

  /** How many points are shown of a series at most. */
  public static final int MOST_SHOWN = 1_000;

  /** That of a run that has no such metric. */
  static final MetricSeries NONE = new MetricSeries(0, 0, 0, null, null, List.of(), 0);

  /** Copies the list. */
  public MetricSeries {
    shown = List.copyOf(shown);
  }

  /** Sums up a series that is in the order of (step, time). */
  static MetricSeries of(List<MetricPoint> series) {
    long nan = 0;
    long infinite = 0;
    MetricPoint least = null;
    MetricPoint greatest = null;
    List<MetricPoint> steps = new ArrayList<>();
    for (MetricPoint point : series) {
      double value = point.value();
      if (Double.isNaN(value)) {
        nan++;
      } else {
        infinite += Double.isInfinite(value) ? 1 : 0;
        least = least == null || value < least.value() ? point : least;
        greatest = greatest == null || value > greatest.value() ? point : greatest;
      }
      int last = steps.size() - 1;
      if (last >= 0 && steps.get(last).step() == point.step()) {
        steps.set(last, point);
      } else {
        steps.add(point);
      }
    }
    double[] values = steps.stream().mapToDouble(MetricPoint::value).toArray();
    List<MetricPoint> shown =
        Arrays.stream(Thinning.kept(values, MOST_SHOWN)).mapToObj(steps::get).toList();
    return new MetricSeries(series.size(), nan, infinite, least, greatest, shown, steps.size());
  }

  /** The first of the best points; null if all are NaN, or there are none. */
  public @Nullable MetricPoint best(Better better) {
    return better == Better.HIGHER ? greatest : least;
  }
}
