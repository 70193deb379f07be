package dev.mlops4j.monitoring;

import dev.mlops4j.monitoring.SegmentFigures.Segments;
import dev.mlops4j.report.Printable;
import dev.mlops4j.report.SideBySide;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A {@link MonitorReport} in words and in Markdown. */
final class MonitorText {

  /** Of each state; the page and the JSON have all. */
  private static final int MOST_ALERTS = 50;

  /** Of each segment. */
  static final int MOST_VALUES = 20;

  private MonitorText() {}

  /** A day where it is midnight, by UTC; else the instant. */
  static String time(Instant instant) {
    return instant.truncatedTo(ChronoUnit.DAYS).equals(instant)
        ? instant.atOffset(ZoneOffset.UTC).toLocalDate().toString()
        : instant.toString();
  }

  static String period(Instant start, Instant end) {
    return time(start) + " to " + time(end);
  }

  /** A figure and its interval; empty without one. */
  static String figure(Estimate estimate) {
    if (Double.isNaN(estimate.value())) {
      return "";
    }
    String value = String.format(Locale.ROOT, "%.4g", estimate.value());
    return Double.isNaN(estimate.low())
        ? value
        : String.format(Locale.ROOT, "%s (%.4g to %.4g)", value, estimate.low(), estimate.high());
  }

  static String versions(WindowReport window) {
    return String.join(", ", window.versions().stream().map(String::valueOf).toList());
  }

  /** The window in one line. */
  static String heading(MonitorWindow window) {
    WindowReport report = window.report();
    if (window.problem() == null) {
      return report.heading();
    }
    StringBuilder line = new StringBuilder(report.model());
    line.append(" version ").append(report.version()).append(", ").append(report.start());
    line.append(" to ").append(report.end()).append(": ").append(report.performance().rows());
    line.append(" predictions, ").append(window.problem());
    return Printable.of(line.toString());
  }

  static String markdown(MonitorReport report) {
    StringBuilder text = new StringBuilder("**").append(report.counts()).append("**\n");
    if (!report.openAlerts().isEmpty() || !report.pastAlerts().isEmpty()) {
      text.append('\n').append(alerts(report).atMost(MOST_ALERTS).toMarkdown());
    }
    if (!report.columns().isEmpty()) {
      text.append('\n').append(columns(report).toMarkdown());
    }
    if (!report.figures().isEmpty()) {
      List<String> figures = report.figures();
      List<String> more = figures.stream().filter(WindowFigures::isMore).toList();
      List<String> first = figures.stream().filter(name -> !WindowFigures.isMore(name)).toList();
      text.append('\n').append(performance(report, first).toMarkdown());
      if (!more.isEmpty()) {
        text.append('\n').append(performance(report, more).toMarkdown());
      }
    }
    if (!report.segments().figures().isEmpty()) {
      text.append('\n').append(segments(report.segments()).toMarkdown());
    }
    List<SideBySide.Line> problems = problems(report);
    if (!problems.isEmpty()) {
      text.append('\n').append(new SideBySide(List.of("problem"), false, problems).toMarkdown());
    }
    return text.toString();
  }

  private static SideBySide alerts(MonitorReport report) {
    List<SideBySide.Line> lines = new ArrayList<>();
    report.openAlerts().forEach(alert -> lines.add(line("open", alert)));
    report.pastAlerts().forEach(alert -> lines.add(line("past", alert)));
    return new SideBySide(List.of("rule", "severity", "window", "in words"), false, lines);
  }

  private static SideBySide.Line line(String state, Alert alert) {
    return new SideBySide.Line(
        state,
        alert.column(),
        List.of(
            rule(alert),
            alert.severity().word(),
            period(alert.start(), alert.end()),
            alert.verdict().words()),
        "");
  }

  /** Empty for drift that no rule is about. */
  static String rule(Alert alert) {
    return alert.rule().equals(Alert.NO_RULE) ? "" : alert.rule();
  }

  /** The worst values of each segment. */
  static SideBySide segments(Segments segments) {
    List<SideBySide.Line> lines = new ArrayList<>();
    for (SegmentFigures figures : segments.figures()) {
      lines.add(
          new SideBySide.Line(figures.segment(), figures.value(), cells(segments, figures), ""));
    }
    return new SideBySide(header(segments), false, lines).atMost(MOST_VALUES);
  }

  /** What {@link #cells} are. */
  static List<String> header(Segments segments) {
    List<String> header = new ArrayList<>(List.of("predictions", "with outcome"));
    if (segments.labelsShown()) {
      header.add(WindowFigures.words(segments.metric()));
      header.add("of all");
    }
    header.addAll(List.of("predicted", "before"));
    if (segments.labelsShown()) {
      header.add("actual");
    }
    return header;
  }

  static List<String> cells(Segments segments, SegmentFigures figures) {
    Performance now = figures.now();
    Performance before = figures.before();
    List<String> cells = new ArrayList<>();
    cells.add(String.format(Locale.ROOT, "%,d", now.rows()));
    cells.add(String.format(Locale.ROOT, "%,d", now.labelled()));
    if (segments.labelsShown()) {
      cells.add(figure(figures.metric()) + (figures.worse() ? ", worse than all" : ""));
      cells.add(figure(Estimate.of(segments.overall().value(), null)));
    }
    cells.add(VerdictWords.number("%.4g", now.predicted()));
    cells.add(before == null ? "" : VerdictWords.number("%.4g", before.predicted()));
    if (segments.labelsShown()) {
      cells.add(VerdictWords.number("%.4g", now.actual()));
    }
    return cells;
  }

  private static List<SideBySide.Line> problems(MonitorReport report) {
    List<SideBySide.Line> lines = new ArrayList<>();
    for (MonitorWindow window : report.monitorWindows()) {
      String problem = window.problem();
      if (problem != null) {
        WindowReport found = window.report();
        lines.add(
            new SideBySide.Line(
                period(found.start(), found.end()),
                "version " + versions(found),
                List.of(problem),
                ""));
      }
    }
    return lines;
  }

  private static SideBySide columns(MonitorReport report) {
    List<SideBySide.Line> lines = new ArrayList<>();
    for (ColumnHistory column : report.columns()) {
      Verdict verdict = column.verdict();
      lines.add(
          new SideBySide.Line(
              VerdictWords.of(verdict.status()),
              column.name(),
              List.of(
                  VerdictWords.number("%+.3f", verdict.effect()),
                  VerdictWords.number("%.3f", column.importance()),
                  String.format(Locale.ROOT, "%,d", verdict.windowRows()),
                  verdict.words()),
              ""));
    }
    return new SideBySide(List.of("effect", "importance", "rows", "in words"), false, lines);
  }

  private static SideBySide performance(MonitorReport report, List<String> figures) {
    List<SideBySide.Line> lines = new ArrayList<>();
    for (MonitorWindow window : report.monitorWindows()) {
      if (!window.figures().isEmpty()) {
        lines.add(
            new SideBySide.Line(
                period(window.report().start(), window.report().end()),
                "version " + versions(window.report()),
                figures.stream()
                    .map(name -> window.figures().getOrDefault(name, Estimate.unknown()))
                    .map(MonitorText::figure)
                    .toList(),
                ""));
      }
    }
    return new SideBySide(figures.stream().map(WindowFigures::words).toList(), false, lines);
  }
}
