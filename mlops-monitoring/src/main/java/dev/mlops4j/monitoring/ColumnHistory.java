package dev.mlops4j.monitoring;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column of a {@link MonitorReport}: how it stands, and how it came to that.
 *
 * @param column how its values are counted
 * @param verdict the gravest of the windows and spans that end last
 * @param window the window or span that the verdict is of
 * @param reference what the column was compared with there
 * @param current what the window holds
 * @param importance its share in what the inputs mattered to the model; NaN if not known
 * @param categories of categories the ones whose shares the points have
 * @param points one a window, ascending
 */
record ColumnHistory(
    ReferenceColumn column,
    Verdict verdict,
    WindowReport window,
    ColumnCounts reference,
    ColumnCounts current,
    double importance,
    List<String> categories,
    List<ColumnPoint> points) {

  /** Copies the lists. */
  ColumnHistory {
    categories = List.copyOf(categories);
    points = List.copyOf(points);
  }

  ColumnHistory with(double knownImportance, List<ColumnPoint> allPoints) {
    return new ColumnHistory(
        column, verdict, window, reference, current, knownImportance, categories, allPoints);
  }

  /** The column in a later window that could not be judged, which says why. */
  ColumnHistory unjudgedIn(WindowReport later) {
    String why = later.verdicts().stream().findFirst().map(Verdict::words).orElse("");
    Verdict unjudged =
        Verdict.untested(
            verdict.column(), verdict.kind(), Verdict.Status.ERROR, Double.NaN, 0, 0, why);
    ColumnCounts none = column.emptyCounts();
    return new ColumnHistory(column, unjudged, later, none, none, importance, categories, points);
  }

  String name() {
    return column.name();
  }

  /** In how many windows it alerted. */
  long alertingWindows() {
    return points.stream()
        .map(ColumnPoint::verdict)
        .filter(found -> found != null && found.isAlert())
        .count();
  }

  /**
   * One window of a column.
   *
   * @param start the first instant of the window
   * @param verdict what was found, or null if nothing was
   * @param missing the share of rows without a value; NaN if it is not known
   * @param values of numbers the 5, 50 and 95 % quantile, of categories their shares, of labels the
   *     share that is true, of predicted against actual both shares; NaN for what is not known
   */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record ColumnPoint(Instant start, @Nullable Verdict verdict, double missing, double[] values) {

    double value(int i) {
      return i < values.length ? values[i] : Double.NaN;
    }
  }
}
