package dev.mlops4j.monitoring;

import dev.mlops4j.monitoring.SegmentFigures.Segments;
import dev.mlops4j.report.Grid;
import dev.mlops4j.report.HtmlPage;
import dev.mlops4j.report.LineChart;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

/** A {@link MonitorReport} as a page of HTML. */
final class MonitorPage {

  static final String TIME = "windows by their beginning, UTC";

  private static final String RATE =
      "Each column has its gravest verdict of the last window and the spans of several windows that"
          + " end with it. Each of these is a report of its own: if nothing drifted, at most one in"
          + " twenty of those of a single window has an alert, unless the monitor was told another"
          + " rate. Spans alert more often where windows"
          + " resemble the one before, and without weeks in the reference every natural difference"
          + " between weeks counts as drift.";

  private final MonitorReport report;
  private final List<LineChart.Mark> versions;

  private MonitorPage(MonitorReport report) {
    this.report = report;
    this.versions = versions(report.monitorWindows());
  }

  static HtmlPage of(MonitorReport report) {
    return new MonitorPage(report).page();
  }

  private HtmlPage page() {
    HtmlPage page = HtmlPage.titled("Monitor of " + report.model()).paragraph(report.summary());
    if (report.monitorWindows().isEmpty()) {
      return page;
    }
    alerts(page);
    columns(page);
    performance(page);
    segments(page);
    MonitorColumnSection section =
        new MonitorColumnSection(
            versions,
            report.importanceMeasure(),
            report.reference() instanceof MonitorReference.PreviousWindow);
    report.columns().forEach(column -> section.add(page, column));
    return page;
  }

  /** Where another version answered most of a window than of the one before. */
  private static List<LineChart.Mark> versions(List<MonitorWindow> windows) {
    List<LineChart.Mark> marks = new ArrayList<>();
    int before = 0;
    for (MonitorWindow window : windows) {
      int version = window.report().version();
      if (!window.isSilent()) {
        if (before != 0 && version != 0 && version != before) {
          marks.add(new LineChart.Mark(x(window.report().start()), "version " + version));
        }
        before = version == 0 ? before : version;
      }
    }
    return marks;
  }

  static double x(Instant start) {
    return start.getEpochSecond() + start.getNano() / 1e9;
  }

  private void alerts(HtmlPage page) {
    page.section("Alerts");
    if (report.openAlerts().isEmpty() && report.pastAlerts().isEmpty()) {
      page.paragraph("None was raised in these windows.");
      return;
    }
    List<Grid.Row> rows = new ArrayList<>();
    report.openAlerts().forEach(alert -> rows.add(row("open", Grid.Tone.ALERT, alert)));
    report.pastAlerts().forEach(alert -> rows.add(row("past", Grid.Tone.PLAIN, alert)));
    page.table(
        new Grid(
            List.of(
                "column",
                "state",
                "rule",
                "severity",
                "kind",
                "window",
                "first found",
                "over since",
                "versions",
                "effect",
                "in words"),
            rows));
  }

  private static Grid.Row row(String state, Grid.Tone tone, Alert alert) {
    return new Grid.Row(
        tone,
        List.of(
            alert.column(),
            state,
            MonitorText.rule(alert),
            alert.severity().word(),
            alert.kind().word(),
            MonitorText.period(alert.start(), alert.end()),
            MonitorText.time(alert.firstEnd()),
            alert.resolvedAt().map(MonitorText::time).orElse(""),
            String.join(", ", alert.versions().stream().map(String::valueOf).toList()),
            VerdictWords.number("%+.3f", alert.verdict().effect()),
            alert.verdict().words()),
        MonitorColumnSection.heading(alert.kind(), alert.column()));
  }

  private void columns(HtmlPage page) {
    page.section("Columns");
    if (report.columns().isEmpty()) {
      page.paragraph("No window could be compared; the windows say why.");
      return;
    }
    page.paragraph(RATE);
    String importance =
        report.importanceMeasure().isEmpty()
            ? "importance"
            : "importance (" + report.importanceMeasure() + ")";
    page.table(
        new Grid(
            List.of(
                "column",
                "kind",
                "verdict",
                "effect",
                "q",
                importance,
                "rows",
                "windows with alert",
                "in words"),
            report.columns().stream().map(this::row).toList()));
  }

  private Grid.Row row(ColumnHistory column) {
    Verdict verdict = column.verdict();
    return new Grid.Row(
        DriftPage.tone(verdict.status()),
        List.of(
            column.name(),
            verdict.kind().word(),
            VerdictWords.of(verdict.status()),
            VerdictWords.number("%+.3f", verdict.effect()),
            VerdictWords.number("%.3g", verdict.q()),
            VerdictWords.number("%.1f %%", 100 * column.importance()),
            String.format(Locale.ROOT, "%,d", verdict.windowRows()),
            column.alertingWindows() + " of " + column.points().size(),
            verdict.words()),
        MonitorColumnSection.heading(verdict.kind(), column.name()));
  }

  private void performance(HtmlPage page) {
    page.section("Performance");
    List<String> figures = report.figures();
    for (String figure : figures) {
      if (WindowFigures.isMetric(figure)) {
        page.chart(
            chart(
                WindowFigures.words(figure) + " by window",
                List.of(line(figure, window -> figure(window, figure))),
                List.of(
                    "With the 95 % confidence interval (" + WindowFigures.method(figure) + ").")));
      }
    }
    if (figures.contains(WindowFigures.PREDICTED)) {
      boolean actual = figures.contains(WindowFigures.ACTUAL);
      page.chart(
          chart(
              actual ? "Predicted and actual by window" : "Predicted by window",
              Stream.of(WindowFigures.PREDICTED, WindowFigures.ACTUAL)
                  .filter(figures::contains)
                  .map(name -> line(name, w -> figure(w, name)))
                  .toList(),
              List.of(
                  "Means of the predictions with an outcome, with 95 % confidence intervals (of"
                      + " shares Wilson's, of means the normal one).")));
    }
    if (figures.contains(WindowFigures.COVERAGE)) {
      page.chart(
          chart(
              "Share of the predictions with an outcome by window",
              List.of(line(WindowFigures.COVERAGE, w -> figure(w, WindowFigures.COVERAGE))),
              List.of()));
    }
    page.chart(
        chart(
            "Predictions by window",
            List.of(line("predictions", MonitorPage::predictions)),
            List.of()));
    page.table(windows(figures.stream().filter(name -> !WindowFigures.isMore(name)).toList()));
    List<String> more = figures.stream().filter(WindowFigures::isMore).toList();
    if (!more.isEmpty()) {
      page.paragraph(
          "Other metrics by window, with the 95 % confidence interval of those that have one:");
      page.table(more(more));
    }
  }

  private void segments(HtmlPage page) {
    Segments segments = report.segments();
    if (segments.figures().isEmpty()) {
      return;
    }
    page.section("Segments");
    page.paragraph(
        "The values of each segment in the last "
            + (segments.windows() == 1 ? "window" : segments.windows() + " windows")
            + " whose outcomes are due, the worst first; before are as many windows earlier."
            + " Of twenty values one is worse than all by chance: this is no alert.");
    List<String> header = new ArrayList<>(List.of("value", "segment"));
    header.addAll(MonitorText.header(segments));
    List<Grid.Row> rows = new ArrayList<>();
    for (SegmentFigures figures : segments.figures()) {
      List<String> cells = new ArrayList<>(List.of(figures.value(), figures.segment()));
      cells.addAll(MonitorText.cells(segments, figures));
      rows.add(new Grid.Row(figures.worse() ? Grid.Tone.NOTICE : Grid.Tone.PLAIN, cells, null));
    }
    page.table(new Grid(header, rows));
  }

  private LineChart chart(String title, List<LineChart.Line> lines, List<String> notes) {
    return new LineChart(title, TIME, LineChart.Axis.TIME, lines, notes, versions);
  }

  private LineChart.Line line(String name, Function<MonitorWindow, Estimate> figure) {
    return new LineChart.Line(
        WindowFigures.words(name),
        report.monitorWindows().stream()
            .map(
                window -> {
                  Estimate of = figure.apply(window);
                  return new LineChart.Point(
                      x(window.report().start()), of.value(), of.low(), of.high());
                })
            .toList());
  }

  private static Estimate figure(MonitorWindow window, String name) {
    return window.figures().getOrDefault(name, Estimate.unknown());
  }

  private static Estimate predictions(MonitorWindow window) {
    return Estimate.of((double) window.report().performance().rows(), null);
  }

  private Grid windows(List<String> figures) {
    boolean problems = report.monitorWindows().stream().anyMatch(w -> w.problem() != null);
    List<String> header = new ArrayList<>(List.of("window", "versions", "predictions", "alerts"));
    if (problems) {
      header.add("problem");
    }
    figures.forEach(figure -> header.add(WindowFigures.words(figure)));
    List<Grid.Row> rows = new ArrayList<>();
    for (MonitorWindow window : report.monitorWindows()) {
      WindowReport found = window.report();
      List<String> cells = new ArrayList<>();
      cells.add(MonitorText.period(found.start(), found.end()));
      cells.add(MonitorText.versions(found));
      cells.add(String.format(Locale.ROOT, "%,d", found.performance().rows()));
      cells.add(String.join(", ", found.alerts().stream().map(Verdict::column).toList()));
      if (problems) {
        cells.add(Objects.requireNonNullElse(window.problem(), ""));
      }
      Map<String, Estimate> known = window.figures();
      figures.forEach(
          name -> cells.add(MonitorText.figure(known.getOrDefault(name, Estimate.unknown()))));
      rows.add(new Grid.Row(tone(window), cells, null));
    }
    return new Grid(header, rows);
  }

  /** Of the windows whose outcomes are in. */
  private Grid more(List<String> figures) {
    List<String> header = new ArrayList<>(List.of("window", "versions"));
    figures.forEach(figure -> header.add(WindowFigures.words(figure)));
    List<Grid.Row> rows = new ArrayList<>();
    for (MonitorWindow window : report.monitorWindows()) {
      if (!window.figures().isEmpty()) {
        List<String> cells = new ArrayList<>();
        cells.add(MonitorText.period(window.report().start(), window.report().end()));
        cells.add(MonitorText.versions(window.report()));
        figures.forEach(name -> cells.add(MonitorText.figure(figure(window, name))));
        rows.add(new Grid.Row(Grid.Tone.PLAIN, cells, null));
      }
    }
    return new Grid(header, rows);
  }

  private static Grid.Tone tone(MonitorWindow window) {
    if (window.isSilent() || window.problem() != null) {
      return Grid.Tone.NOTICE;
    }
    return window.report().alerts().isEmpty() ? Grid.Tone.PLAIN : Grid.Tone.ALERT;
  }
}
