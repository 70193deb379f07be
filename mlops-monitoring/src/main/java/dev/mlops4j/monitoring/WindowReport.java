package dev.mlops4j.monitoring;

import dev.mlops4j.report.Printable;
import dev.mlops4j.report.TextTable;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What was found in one window: a verdict per column, and how good the predictions were. Immutable;
 * prints as a table.
 *
 * @param model the model
 * @param version the version whose reference the window was compared with: the one that served most
 *     of it, the greatest of several; 0 if nothing was asked
 * @param versions all versions that served in it, ascending
 * @param start the first instant of the window
 * @param end the first instant after it
 * @param periods how many periods of the monitor it is long
 * @param outcomesIn whether the outcomes were taken into account; if not, another report of the
 *     same window follows when they are due
 * @param verdicts a verdict per column: the features, the prediction and, with outcomes, the label
 *     and predicted against actual
 * @param performance how good the predictions were
 * @param restated whether the window was reported before, with its outcomes, and has changed since:
 *     outcomes or predictions came later. Its verdicts raise no alert
 */
public record WindowReport(
    String model,
    int version,
    List<Integer> versions,
    Instant start,
    Instant end,
    int periods,
    boolean outcomesIn,
    List<Verdict> verdicts,
    Performance performance,
    boolean restated) {

  /** The column of the verdict that says that there is nothing to compare with. */
  static final String NO_REFERENCE = "(reference)";

  /** Copies the lists. */
  public WindowReport {
    versions = List.copyOf(versions);
    verdicts = List.copyOf(verdicts);
  }

  /** One that is not restated. */
  public WindowReport(
      String model,
      int version,
      List<Integer> versions,
      Instant start,
      Instant end,
      int periods,
      boolean outcomesIn,
      List<Verdict> verdicts,
      Performance performance) {
    this(model, version, versions, start, end, periods, outcomesIn, verdicts, performance, false);
  }

  WindowReport asRestated() {
    return new WindowReport(
        model, version, versions, start, end, periods, outcomesIn, verdicts, performance, true);
  }

  /** The verdicts that are alerts, the smallest q first. */
  public List<Verdict> alerts() {
    return verdicts.stream()
        .filter(Verdict::isAlert)
        .sorted((a, b) -> Double.compare(a.q(), b.q()))
        .toList();
  }

  /** The verdict of this column, if there is one. */
  public Optional<Verdict> verdict(String column) {
    return verdicts.stream().filter(verdict -> verdict.column().equals(column)).findFirst();
  }

  /** The verdict of the column of this kind; of features, the first one. */
  public Optional<Verdict> verdict(AlertKind kind) {
    return verdicts.stream().filter(verdict -> verdict.kind() == kind).findFirst();
  }

  /** The verdicts as a table, alerts first, under a line with the window and the performance. */
  @Override
  public String toString() {
    TextTable.Builder table =
        TextTable.builder()
            .left("column")
            .left("verdict")
            .left("aspect")
            .right("effect")
            .right("p")
            .right("q")
            .right("rows")
            .left("in words");
    for (Verdict.Status status :
        List.of(
            Verdict.Status.ALERT,
            Verdict.Status.ERROR,
            Verdict.Status.NOT_ENOUGH_DATA,
            Verdict.Status.OK)) {
      for (Verdict verdict : verdicts) {
        if (verdict.status() == status) {
          table.row(
              Printable.of(verdict.column()),
              VerdictWords.of(status),
              verdict.aspect() == null ? "" : verdict.aspect().word(),
              VerdictWords.number("%+.3f", verdict.effect()),
              VerdictWords.number("%.3g", verdict.p()),
              VerdictWords.number("%.3g", verdict.q()),
              verdict.windowRows(),
              Printable.of(verdict.words()));
        }
      }
    }
    return heading() + "\n" + table.build();
  }

  /**
   * Whether what is made of outcomes may be shown: the label is one of the columns of the
   * reference, and not sensitive.
   */
  boolean labelsShown() {
    return verdict(AlertKind.LABEL_DRIFT)
        .filter(verdict -> verdict.status() != Verdict.Status.ERROR)
        .isPresent();
  }

  /**
   * The window and the performance in one line. Of the labels only how many there are, where the
   * target is sensitive or no reference says whether it is.
   */
  public String heading() {
    StringBuilder line = new StringBuilder();
    line.append(model).append(" version ").append(version).append(", ").append(start);
    line.append(" to ").append(end).append(restated ? ", restated: " : ": ");
    line.append(performance.rows()).append(" predictions");
    if (outcomesIn) {
      line.append(", ").append(performance.labelled()).append(" with outcome (");
      line.append(VerdictWords.number("%.1f %%", 100 * performance.coverage())).append(")");
      if (labelsShown()) {
        append(line, "auc", performance.auc());
        append(line, "log loss", performance.logLoss());
        append(line, "accuracy", performance.accuracy());
        performance.business().forEach((name, metric) -> append(line, name, metric.mean()));
      }
      append(line, "predicted", performance.predicted());
      if (labelsShown()) {
        append(line, "actual", performance.actual());
      }
    } else {
      line.append(", outcomes not yet due");
    }
    return Printable.of(line.toString());
  }

  private static void append(StringBuilder line, String name, double value) {
    if (!Double.isNaN(value)) {
      line.append(", ").append(name).append(' ').append(VerdictWords.number("%.3f", value));
    }
  }
}
