package dev.mlops4j.monitoring;

import dev.mlops4j.monitoring.SegmentFigures.Segments;
import dev.mlops4j.report.Printable;
import dev.mlops4j.report.TextTable;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a monitor has found over its windows: alerts, each column as it stands and as it went from
 * window to window, and how good the predictions were. Columns stand in the order in which to look
 * at them: alerts first, then by effect and by how much the model depends on them, where its
 * training logged that. Immutable, safe for any number of threads.
 *
 * <pre>{@code
 * MonitorReport report = monitor.report();
 * System.out.println(report.summary());
 * report.writeHtml(Path.of("report.html"));
 * }</pre>
 *
 * <p>A column's verdict is the gravest of the window and the spans that end last; columns that wait
 * for outcomes are those of the last window whose outcomes are due. Of each {@linkplain
 * MonitorBuilder#segment segment} it has the values, the one with the worst performance first, in
 * as many of the last windows whose outcomes are due as the longest span has, and before them. No
 * value of a sensitive column is shown.
 */
public final class MonitorReport {

  /** How many windows, up to the last one that has ended, a report has unless stated. */
  public static final int DEFAULT_WINDOWS = 52;

  /** How many windows a report has at most. */
  public static final int MAX_WINDOWS = 1_000;

  private static final int TEXT_WIDTH = 160;

  private final String model;
  private final MonitorReference reference;
  private final List<MonitorWindow> windows;
  private final List<ColumnHistory> columns;
  private final String importanceMeasure;
  private final List<Alert> open;
  private final List<Alert> past;
  private final Segments segments;
  private final long omitted;
  private final String nothing;

  MonitorReport(
      String model,
      MonitorReference reference,
      List<MonitorWindow> windows,
      List<ColumnHistory> columns,
      String importanceMeasure,
      List<Alert> alerts,
      Segments segments,
      long omitted,
      String nothing) {
    this.segments = segments;
    this.omitted = omitted;
    this.model = model;
    this.reference = reference;
    this.windows = List.copyOf(windows);
    this.columns = List.copyOf(columns);
    this.importanceMeasure = importanceMeasure;
    List<Alert> ofRange = windows.isEmpty() ? List.of() : within(windows, alerts);
    this.open = ofRange.stream().filter(this::goesOn).toList();
    this.past = ofRange.stream().filter(alert -> !goesOn(alert)).toList();
    this.nothing = nothing;
  }

  /** One without windows, and why there are none. */
  static MonitorReport ofNothing(String model, MonitorReference reference, String why) {
    return new MonitorReport(
        model, reference, List.of(), List.of(), "", List.of(), Segments.NONE, 0, why);
  }

  /** Whether it is of the last window that an alert of its kind could have been raised by. */
  private boolean goesOn(Alert alert) {
    Instant lastJudged =
        windows.stream()
            .filter(window -> window.tells(alert.kind()))
            .map(window -> window.report().end())
            .reduce((one, later) -> later)
            .orElse(null);
    return alert.goesOn(lastJudged);
  }

  private static List<Alert> within(List<MonitorWindow> windows, List<Alert> alerts) {
    Instant start = windows.get(0).report().start();
    Instant end = last(windows).end();
    return alerts.stream()
        .filter(alert -> alert.end().isAfter(start) && !alert.firstEnd().isAfter(end))
        .toList();
  }

  private static WindowReport last(List<MonitorWindow> windows) {
    return windows.get(windows.size() - 1).report();
  }

  /** The model's name. */
  public String model() {
    return model;
  }

  /** What windows were compared with. */
  public MonitorReference reference() {
    return reference;
  }

  /**
   * The windows, each by itself, ascending; one without predictions has no verdicts. Empty if none
   * has ended.
   */
  public List<WindowReport> windows() {
    return windows.stream().map(MonitorWindow::report).toList();
  }

  /** The verdicts on the columns, in the order in which to look at them. */
  public List<Verdict> verdicts() {
    return columns.stream().map(ColumnHistory::verdict).toList();
  }

  /**
   * The alerts that go on: the last evaluated window with predictions, or a span that ends with it,
   * alerted; of outcomes, the last one that was evaluated with them. Those of an {@link AlertRule}
   * go on until it clears them.
   */
  public List<Alert> openAlerts() {
    return open;
  }

  /** The other alerts of these windows, by the time at which they were raised. */
  public List<Alert> pastAlerts() {
    return past;
  }

  List<MonitorWindow> monitorWindows() {
    return windows;
  }

  List<ColumnHistory> columns() {
    return columns;
  }

  Segments segments() {
    return segments;
  }

  String importanceMeasure() {
    return importanceMeasure;
  }

  /** What was found, in a few sentences. */
  public String summary() {
    String names = open.stream().map(Alert::column).distinct().collect(Collectors.joining(", "));
    String text = counts() + (names.isEmpty() ? "" : " Open: " + names + ".");
    MonitorWindow last = lastAsked();
    if (last != null && last.problem() != null) {
      text += " The last window with predictions has " + last.problem() + ".";
    }
    return Printable.of(text);
  }

  private @Nullable MonitorWindow lastAsked() {
    return windows.stream()
        .filter(window -> !window.isSilent())
        .reduce((one, later) -> later)
        .orElse(null);
  }

  /** The same without names, which come from data. */
  String counts() {
    if (windows.isEmpty()) {
      return nothing;
    }
    StringBuilder text = new StringBuilder();
    text.append(alerts("No alert is open", "alert is open", "alerts are open", open.size()));
    text.append(past.isEmpty() ? "" : alerts("", ", one is past", ", # are past", past.size()));
    text.append(" in ").append(windows.size()).append(windows.size() == 1 ? " window" : " windows");
    text.append(" from ").append(MonitorText.time(windows.get(0).report().start()));
    text.append(" to ").append(MonitorText.time(last(windows).end()));
    text.append(", compared with ").append(reference).append('.');
    if (omitted > 0) {
      text.append(' ')
          .append(omitted)
          .append(omitted == 1 ? " older window is" : " older ones are");
      text.append(" left out, as there are so many columns.");
    }
    count(text, MonitorWindow::isSilent, "has no predictions.", "have no predictions.");
    count(text, MonitorWindow::waits, "is not evaluated yet.", "are not evaluated yet.");
    count(text, w -> w.problem() != null, "could not be judged.", "could not be judged.");
    if (!columns.isEmpty() && columns.stream().allMatch(MonitorReport::isUnjudged)) {
      text.append(" There is not enough data to judge any column.");
    }
    int columnsWithError = 0;
    for (ColumnHistory column : columns) {
      columnsWithError += column.verdict().status() == Verdict.Status.ERROR ? 1 : 0;
    }
    if (columnsWithError > 0) {
      text.append(' ').append(columnsWithError).append(" of ").append(columns.size());
      text.append(" columns could not be judged.");
    }
    return text.toString();
  }

  private void count(StringBuilder text, Predicate<MonitorWindow> which, String one, String many) {
    long found = windows.stream().filter(which).count();
    if (found > 0) {
      text.append(' ').append(found).append(" of the windows ").append(found == 1 ? one : many);
    }
  }

  private static boolean isUnjudged(ColumnHistory column) {
    return column.verdict().status() == Verdict.Status.NOT_ENOUGH_DATA;
  }

  private static String alerts(String none, String one, String many, int count) {
    if (count == 0) {
      return none;
    }
    String text = count == 1 ? one : many;
    return text.startsWith(",") ? text.replace("#", Integer.toString(count)) : count + " " + text;
  }

  /** The report as a page of HTML that needs nothing else: see {@link #writeHtml}. */
  public String toHtml() {
    return MonitorPage.of(this).toHtml();
  }

  /**
   * Writes one file of HTML that opens offline: the verdict, the alerts, the columns as a table,
   * the performance by window with confidence intervals, and each column's distributions and its
   * way from window to window.
   *
   * @param file replaced if it is there
   * @throws dev.mlops4j.MlopsException if it cannot be written
   */
  public void writeHtml(Path file) {
    MonitorPage.of(this).write(file);
  }

  /** The verdict, the columns and the performance as tables of GitHub's Markdown. */
  public String toMarkdown() {
    return MonitorText.markdown(this);
  }

  /**
   * The report as JSON: see {@code docs/monitoring.md} for its form.
   *
   * @return one object, in UTF-8 without line breaks
   */
  public String toJson() {
    return MonitorReportJson.of(this);
  }

  /** The summary, the columns and the performance as tables for terminals. */
  @Override
  public String toString() {
    TextTable.Builder table =
        TextTable.builder()
            .left("column")
            .left("verdict")
            .right("effect")
            .right("importance")
            .right("rows")
            .left("in words");
    for (ColumnHistory column : columns) {
      Verdict verdict = column.verdict();
      table.row(
          Printable.of(column.name()),
          VerdictWords.of(verdict.status()),
          VerdictWords.number("%+.3f", verdict.effect()),
          VerdictWords.number("%.3f", column.importance()),
          verdict.windowRows(),
          Printable.of(verdict.words()));
    }
    List<String> parts = new ArrayList<>(List.of(summary()));
    open.forEach(alert -> parts.add(Printable.of("ALERT " + alert + rule(alert))));
    if (!columns.isEmpty()) {
      parts.add(table.build().toString());
    }
    if (!segments.figures().isEmpty()) {
      parts.add(MonitorText.segments(segments).toText(TEXT_WIDTH));
    }
    windows.stream()
        .filter(window -> !window.isSilent())
        .map(MonitorText::heading)
        .forEach(parts::add);
    return String.join("\n", parts);
  }

  private static String rule(Alert alert) {
    String rule = MonitorText.rule(alert);
    return rule.isEmpty() ? "" : " (rule " + rule + ")";
  }

  /** The names of the figures that any window has, in order. */
  List<String> figures() {
    return windows.stream()
        .map(MonitorWindow::figures)
        .map(Map::keySet)
        .flatMap(Set::stream)
        .distinct()
        .toList();
  }
}
