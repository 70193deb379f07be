package dev.mlops4j.monitoring;

import dev.mlops4j.monitoring.ColumnHistory.ColumnPoint;
import dev.mlops4j.profile.BinEdges;
import dev.mlops4j.report.HtmlPage;
import dev.mlops4j.report.LineChart;
import dev.mlops4j.report.SideBySide;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The part of a {@link MonitorPage} that is about one column. */
final class MonitorColumnSection {

  private static final int[] PERCENTS = {5, 25, 50, 75, 95};

  private final List<LineChart.Mark> versions;
  private final String importanceMeasure;
  private final boolean ofChanges;

  /** A section of columns; of changes there is no one reference to draw beside all windows. */
  MonitorColumnSection(List<LineChart.Mark> versions, String importanceMeasure, boolean ofChanges) {
    this.ofChanges = ofChanges;
    this.versions = versions;
    this.importanceMeasure = importanceMeasure;
  }

  static String heading(AlertKind kind, String column) {
    return kind.word() + ": " + column;
  }

  void add(HtmlPage page, ColumnHistory column) {
    Verdict verdict = column.verdict();
    page.section(heading(verdict.kind(), column.name())).paragraph(inWords(column));
    if (column.column().problem() == null) {
      page.table(values(column));
      distributions(page, column);
    }
    overTime(page, column);
  }

  private String inWords(ColumnHistory column) {
    Verdict verdict = column.verdict();
    StringBuilder text = new StringBuilder();
    text.append(VerdictWords.of(verdict.status())).append(": ").append(verdict.words()).append('.');
    if (verdict.aspect() != null) {
      text.append(' ').append(verdict.evidence());
    }
    text.append(
        String.format(
            Locale.ROOT,
            " %,d rows of %s against %,d of the reference.",
            verdict.windowRows(),
            MonitorText.period(column.window().start(), column.window().end()),
            verdict.referenceRows()));
    if (!Double.isNaN(column.importance())) {
      text.append(
          String.format(
              Locale.ROOT,
              " Importance (%s): %.1f %% of all inputs.",
              importanceMeasure,
              100 * column.importance()));
    }
    if (column.column().shape() == ReferenceColumn.Shape.MISSING) {
      text.append(" It is sensitive: only how many values are missing is compared.");
    }
    text.append(" It alerted in ").append(column.alertingWindows()).append(" of ");
    return text.append(column.points().size()).append(" windows.").toString();
  }

  private static SideBySide values(ColumnHistory column) {
    ColumnCounts from = column.reference();
    ColumnCounts to = column.current();
    List<SideBySide.Line> lines = new ArrayList<>();
    lines.add(DriftPage.line("rows", "all", from, to, c -> c.rows));
    switch (column.column().shape()) {
      case NUMBERS -> {
        lines.add(missing(from, to));
        numbers(lines, column);
      }
      case MISSING -> lines.add(missing(from, to));
      case CATEGORIES -> {
        lines.add(missing(from, to));
        lines.add(
            DriftPage.line(
                "categories",
                "share that the training data does not have",
                from,
                to,
                c -> (double) c.unseen / c.present()));
      }
      case SHARE -> lines.add(actual(from, to));
      case GAP -> {
        lines.add(DriftPage.line("labels", "predicted share", from, to, c -> c.predicted / c.rows));
        lines.add(actual(from, to));
      }
    }
    return new SideBySide(ColumnPictures.BOTH, true, lines);
  }

  private static SideBySide.Line missing(ColumnCounts from, ColumnCounts to) {
    return DriftPage.line("rows", "missing share", from, to, c -> (double) c.missing / c.rows);
  }

  private static SideBySide.Line actual(ColumnCounts from, ColumnCounts to) {
    return DriftPage.line(
        "labels", "share that is true", from, to, c -> (double) c.counts[1] / c.rows);
  }

  private static void numbers(List<SideBySide.Line> lines, ColumnHistory column) {
    BinEdges edges = column.column().edges();
    if (edges == null) {
      return;
    }
    BinnedNumbers from = new BinnedNumbers(edges, column.reference().counts);
    BinnedNumbers to = new BinnedNumbers(edges, column.current().counts);
    for (int percent : PERCENTS) {
      lines.add(
          DriftPage.line(
              "numbers",
              percent == 50 ? "median" : percent + " % quantile",
              from,
              to,
              n -> n.quantile(percent / 100.0)));
    }
    double[] all = edges.edges();
    if (all.length > 0) {
      lines.add(
          DriftPage.line(
              "numbers",
              "share below " + ColumnPictures.shown(all[0]),
              from,
              to,
              BinnedNumbers::belowEdges));
      lines.add(
          DriftPage.line(
              "numbers",
              "share above " + ColumnPictures.shown(all[all.length - 1]),
              from,
              to,
              BinnedNumbers::aboveEdges));
    }
  }

  private static void distributions(HtmlPage page, ColumnHistory column) {
    ColumnCounts from = column.reference();
    ColumnCounts to = column.current();
    if (from.present() == 0 || to.present() == 0) {
      return;
    }
    switch (column.column().shape()) {
      case NUMBERS -> {
        BinEdges edges = column.column().edges();
        if (edges != null) {
          ColumnPictures.add(
              page,
              column.name(),
              new BinnedNumbers(edges, from.counts),
              new BinnedNumbers(edges, to.counts));
        }
      }
      case CATEGORIES -> page.bars(ColumnPictures.categories(categories(column)));
      case MISSING, SHARE, GAP -> {
        // The table has all there is.
      }
    }
  }

  private static List<ColumnPictures.Shares> categories(ColumnHistory column) {
    ColumnCounts from = column.reference();
    ColumnCounts to = column.current();
    List<ColumnPictures.Shares> shares = new ArrayList<>();
    for (int i = 0; i < from.counts.length; i++) {
      shares.add(
          new ColumnPictures.Shares(
              column.column().categoryAt(i),
              (double) from.counts[i] / from.present(),
              (double) to.counts[i] / to.present()));
    }
    if (from.unseen + to.unseen > 0) {
      shares.add(
          new ColumnPictures.Shares(
              "(not in the training data)",
              (double) from.unseen / from.present(),
              (double) to.unseen / to.present()));
    }
    return shares;
  }

  private void overTime(HtmlPage page, ColumnHistory column) {
    List<ColumnPoint> points = column.points();
    if (points.stream().anyMatch(point -> point.verdict() != null && weight(point) >= 0)) {
      page.chart(
          chart(
              "Effect by window, in units of what is too small to matter",
              List.of(
                  line("effect", points, MonitorColumnSection::weight),
                  line("alert", points, p -> isAlert(p) ? weight(p) : Double.NaN),
                  line("too small to matter below", points, point -> 1)),
              List.of()));
    }
    switch (column.column().shape()) {
      case NUMBERS -> quantiles(page, column);
      case CATEGORIES -> shares(page, column);
      case MISSING -> {
        // The chart of the missing share is all there is.
      }
      case SHARE -> page.chart(share(points, List.of("share that is true")));
      case GAP -> page.chart(share(points, List.of("predicted", "actual")));
    }
    if (points.stream().anyMatch(point -> point.missing() > 0)) {
      page.chart(
          chart(
              "Missing share by window",
              List.of(line("missing", points, ColumnPoint::missing)),
              List.of()));
    }
  }

  private void quantiles(HtmlPage page, ColumnHistory column) {
    BinEdges edges = column.column().edges();
    if (edges == null || column.points().stream().allMatch(p -> Double.isNaN(p.value(1)))) {
      return;
    }
    List<LineChart.Line> lines = new ArrayList<>();
    List<LineChart.Point> medians =
        column.points().stream()
            .map(
                p ->
                    new LineChart.Point(
                        MonitorPage.x(p.start()), p.value(1), p.value(0), p.value(2)))
            .toList();
    lines.add(new LineChart.Line("median", medians));
    if (!ofChanges) {
      double median = new BinnedNumbers(edges, column.reference().counts).quantile(0.5);
      lines.add(line("median of the reference", column.points(), point -> median));
    }
    page.chart(
        chart(
            "Median by window",
            lines,
            List.of(
                "With the 5 % and 95 % quantiles, from counts in the reference's bins: what lies"
                    + " beyond the outermost ones is shown at their edge.")));
  }

  private void shares(HtmlPage page, ColumnHistory column) {
    if (!column.categories().isEmpty()) {
      page.chart(share(column.points(), column.categories()));
    }
  }

  private LineChart share(List<ColumnPoint> points, List<String> names) {
    List<LineChart.Line> lines = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      int at = i;
      lines.add(line(names.get(i), points, point -> point.value(at)));
    }
    return chart("Shares by window", lines, List.of());
  }

  private static boolean isAlert(ColumnPoint point) {
    Verdict verdict = point.verdict();
    return verdict != null && verdict.isAlert();
  }

  private static double weight(ColumnPoint point) {
    Verdict verdict = point.verdict();
    return verdict == null || verdict.aspect() == null ? Double.NaN : verdict.weight();
  }

  private LineChart chart(String title, List<LineChart.Line> lines, List<String> notes) {
    return new LineChart(title, MonitorPage.TIME, LineChart.Axis.TIME, lines, notes, versions);
  }

  private static LineChart.Line line(
      String name, List<ColumnPoint> points, ToDoubleFunction<ColumnPoint> value) {
    return new LineChart.Line(
        name,
        points.stream()
            .map(p -> new LineChart.Point(MonitorPage.x(p.start()), value.applyAsDouble(p)))
            .toList());
  }
}
