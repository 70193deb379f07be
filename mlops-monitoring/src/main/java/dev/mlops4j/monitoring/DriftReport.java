package dev.mlops4j.monitoring;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Field;
import dev.mlops4j.profile.DatasetProfile;
import dev.mlops4j.report.Printable;
import dev.mlops4j.report.TextTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Two samples compared column by column: a verdict for each, how far both are apart by the usual
 * statistics, and what both look like. Columns stand in the order in which to look at them: alerts
 * first, the largest effects first. Immutable, safe for any number of threads.
 *
 * <pre>{@code
 * DriftReport report = DriftReport.between(training, thisWeek);
 * System.out.println(report);
 * report.writeHtml(Path.of("drift.html"));
 * }</pre>
 *
 * <p>Both samples are taken as random and their rows as independent, as {@link
 * ProfileDrift#between} says; if nothing differs, at most one report in twenty has an alert. A
 * column that cannot be compared is an error of its own. No value of a sensitive column is shown.
 */
public final class DriftReport {

  private final List<ColumnDrift> columns;
  private final long referenceRows;
  private final long currentRows;

  private DriftReport(List<ColumnDrift> columns, long referenceRows, long currentRows) {
    this.columns = List.copyOf(columns);
    this.referenceRows = referenceRows;
    this.currentRows = currentRows;
  }

  /**
   * Compares rows, on this thread. The statistics are those of the numbers themselves; the verdicts
   * are those of profiles in common bins.
   */
  public static DriftReport between(Dataset reference, Dataset current) {
    return between(reference, current, 1);
  }

  /**
   * Compares rows on so many threads, which end with the call.
   *
   * @throws IllegalArgumentException if there is no thread
   */
  public static DriftReport between(Dataset reference, Dataset current, int threads) {
    List<String> names =
        Stream.concat(reference.schema().fields().stream(), current.schema().fields().stream())
            .map(Field::name)
            .distinct()
            .toList();
    return of(
        inParallel(
            names, name -> guarded(name, n -> ColumnComparison.of(n, reference, current)), threads),
        reference.rowCount(),
        current.rowCount());
  }

  /**
   * Compares profiles; see {@link ProfileDrift#between} for the bins that their numbers must be
   * counted in. Statistics that profiles do not have are left out.
   */
  public static DriftReport between(DatasetProfile reference, DatasetProfile current) {
    return of(
        ProfileDrift.names(reference, current)
            .map(name -> guarded(name, n -> ColumnComparison.of(n, reference, current)))
            .toList(),
        reference.rowCount(),
        current.rowCount());
  }

  private static DriftReport of(
      List<ColumnComparison> compared, long referenceRows, long currentRows) {
    List<Verdict> verdicts =
        ColumnTest.verdicts(compared.stream().map(ColumnComparison::test).toList(), Judge.ALPHA, 0);
    List<ColumnDrift> columns = new ArrayList<>();
    for (int i = 0; i < compared.size(); i++) {
      ColumnComparison column = compared.get(i);
      columns.add(
          new ColumnDrift(
              verdicts.get(i), column.reference(), column.current(), column.statistics()));
    }
    return new DriftReport(ranked(columns, ColumnDrift::weight), referenceRows, currentRows);
  }

  private static ColumnComparison guarded(String name, Function<String, ColumnComparison> compare) {
    try {
      return compare.apply(name);
    } catch (RuntimeException e) {
      return new ColumnComparison(
          ProfileDrift.failed(name, "it could not be compared: " + e), null, null, Map.of());
    }
  }

  private static List<ColumnComparison> inParallel(
      List<String> names, Function<String, ColumnComparison> compare, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("at least one thread is needed, found " + threads);
    }
    if (threads == 1) {
      return names.stream().map(compare).toList();
    }
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      List<Callable<ColumnComparison>> tasks = new ArrayList<>();
      names.forEach(name -> tasks.add(() -> compare.apply(name)));
      List<ColumnComparison> compared = new ArrayList<>();
      for (Future<ColumnComparison> done : executor.invokeAll(tasks)) {
        compared.add(done.get());
      }
      return compared;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MonitoringException("the comparison was interrupted", e);
    } catch (ExecutionException e) {
      throw new MonitoringException("the comparison failed", Objects.requireNonNull(e.getCause()));
    } finally {
      executor.shutdownNow();
    }
  }

  /** By what was found, then by weight, the greatest first. */
  private static List<ColumnDrift> ranked(
      List<ColumnDrift> columns, ToDoubleFunction<ColumnDrift> weight) {
    return columns.stream()
        .sorted(
            Comparator.comparingInt((ColumnDrift column) -> column.verdict().status().rank())
                .thenComparing(Comparator.comparingDouble(weight).reversed()))
        .toList();
  }

  /**
   * The same with the columns of one status in the order of effect times importance: what the model
   * does not look at comes last.
   *
   * @param importance how much the model depends on a column, 0 or more; of a column without any it
   *     is 0
   */
  public DriftReport rankedBy(Map<String, Double> importance) {
    return new DriftReport(
        ranked(columns, column -> column.weight() * importance.getOrDefault(column.name(), 0.0)),
        referenceRows,
        currentRows);
  }

  /** The columns, in the order in which to look at them. */
  public List<ColumnDrift> columns() {
    return columns;
  }

  /** The column of this name, if one of the samples has it. */
  public Optional<ColumnDrift> column(String name) {
    return columns.stream().filter(column -> column.name().equals(name)).findFirst();
  }

  /** The verdicts that are alerts. */
  public List<Verdict> alerts() {
    return columns.stream().map(ColumnDrift::verdict).filter(Verdict::isAlert).toList();
  }

  /** How many rows the reference has. */
  public long referenceRows() {
    return referenceRows;
  }

  /** How many rows the current sample has. */
  public long currentRows() {
    return currentRows;
  }

  /** What was found, in a sentence or two. */
  public String summary() {
    String names =
        alerts().stream()
            .map(alert -> Printable.of(alert.column()))
            .collect(Collectors.joining(", "));
    return counts() + (names.isEmpty() ? "" : " Drifted: " + names + ".");
  }

  /** The same without names, which come from data. */
  String counts() {
    int alerts = alerts().size();
    String found =
        alerts == 0
            ? "No drift in " + columns.size() + (columns.size() == 1 ? " column" : " columns")
            : alerts
                + " of "
                + columns.size()
                + (alerts == 1 ? " columns has" : " columns have")
                + " drifted";
    return found
        + counted(Verdict.Status.ERROR, "could not be compared")
        + counted(Verdict.Status.NOT_ENOUGH_DATA, "without enough data")
        + String.format(
            Locale.ROOT,
            "; compared are %,d rows with %,d of the reference.",
            currentRows,
            referenceRows);
  }

  private String counted(Verdict.Status status, String what) {
    long count = columns.stream().filter(c -> c.verdict().status() == status).count();
    return count == 0 ? "" : "; " + count + " " + what;
  }

  /** The report as a page of HTML that needs nothing else: see {@link #writeHtml}. */
  public String toHtml() {
    return DriftPage.of(this).toHtml();
  }

  /**
   * Writes one file of HTML that opens offline: the summary, the columns as a table, and each
   * column's distributions, quantiles, frequent categories and statistics.
   *
   * @param file replaced if it is there
   * @throws dev.mlops4j.MlopsException if it cannot be written
   */
  public void writeHtml(Path file) {
    DriftPage.of(this).write(file);
  }

  /** The summary and the columns as a table of GitHub's Markdown. */
  public String toMarkdown() {
    return DriftPage.markdown(this);
  }

  /**
   * The report as JSON: see {@code docs/monitoring.md} for its form.
   *
   * @return one object, in UTF-8 without line breaks
   */
  public String toJson() {
    return DriftReportJson.of(this);
  }

  /** The summary and the columns as a table for terminals. */
  @Override
  public String toString() {
    TextTable.Builder table =
        TextTable.builder()
            .left("column")
            .left("verdict")
            .right("effect")
            .right("q")
            .right("rows")
            .left("in words");
    for (ColumnDrift column : columns) {
      Verdict verdict = column.verdict();
      table.row(
          Printable.of(column.name()),
          VerdictWords.of(verdict.status()),
          VerdictWords.number("%+.3f", verdict.effect()),
          VerdictWords.number("%.3g", verdict.q()),
          verdict.windowRows(),
          Printable.of(verdict.words()));
    }
    return summary() + "\n" + table.build();
  }
}
