package dev.mlops4j.tracking;

import dev.mlops4j.report.HtmlPage;
import dev.mlops4j.report.LineChart;
import dev.mlops4j.report.SideBySide;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A comparison as a page of HTML. */
final class ComparisonPage {

  private ComparisonPage() {}

  static String of(RunComparison comparison, SideBySide table) {
    HtmlPage page = HtmlPage.titled(title(comparison)).table(table);
    for (String metric : comparison.metrics()) {
      chart(comparison, metric).ifPresent(page::chart);
    }
    return page.toHtml();
  }

  private static String title(RunComparison comparison) {
    List<String> experiments =
        comparison.runs().stream().map(RunRecord::experiment).distinct().toList();
    return comparison.runs().size() + " runs of " + String.join(", ", experiments);
  }

  /** None for a metric of which every run has one point at most: the table has it. */
  private static Optional<LineChart> chart(RunComparison comparison, String metric) {
    List<MetricSeries> all = comparison.series(metric);
    if (all.stream().allMatch(series -> series.shown().size() <= 1)) {
      return Optional.empty();
    }
    List<LineChart.Line> lines = new ArrayList<>();
    List<String> notes = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      String name = comparison.runs().get(i).name();
      List<LineChart.Point> points =
          all.get(i).shown().stream()
              .map(point -> new LineChart.Point(point.step(), point.value()))
              .toList();
      lines.add(new LineChart.Line(name, points));
      notes.addAll(notes(name, all.get(i)));
    }
    return Optional.of(new LineChart(metric, "step", lines, notes));
  }

  private static List<String> notes(String name, MetricSeries series) {
    List<String> notes = new ArrayList<>();
    if (series.points() == 0) {
      notes.add(name + ": no such metric");
    }
    if (series.nan() + series.infinite() > 0) {
      notes.add(
          name
              + ": "
              + series.nan()
              + " NaN and "
              + series.infinite()
              + " infinite of "
              + series.points()
              + " points are gaps in the line");
    }
    if (series.steps() < series.points()) {
      notes.add(
          name
              + ": "
              + series.points()
              + " points at "
              + series.steps()
              + " steps; the latest of each is drawn");
    }
    if (series.shown().size() < series.steps()) {
      notes.add(
          name
              + ": "
              + series.shown().size()
              + " of "
              + series.steps()
              + " points are drawn, the least and the greatest of each stretch among them");
    }
    return notes;
  }
}
