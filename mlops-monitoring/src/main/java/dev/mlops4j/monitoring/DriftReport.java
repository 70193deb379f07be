package dev.mlops4j.monitoring;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Field;
import dev.mlops4j.profile.ColumnProfile;
import dev.mlops4j.profile.DatasetProfile;
import dev.mlops4j.profile.SegmentedProfile;
import dev.mlops4j.report.Printable;
import dev.mlops4j.report.TextTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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
 * ProfileDrift#between} says; if nothing differs, at most one report in twenty has an alert, unless
 * {@link #withFalseAlarmRate another rate} is stated. {@link #bySegment} adds the segments of a
 * key; if nothing differs, at most one report in twenty has an alert in any of these, besides. A
 * column that cannot be compared is an error of its own. No value of a sensitive column is shown.
 */
public final class DriftReport {

  private final Found found;
  private final double falseAlarmRate;
  private final ToDoubleFunction<Verdict> weight;
  private final List<ColumnDrift> columns;
  private final @Nullable DriftSegments segments;

  private DriftReport(Found found, double falseAlarmRate, ToDoubleFunction<Verdict> weight) {
    this.found = found;
    this.falseAlarmRate = falseAlarmRate;
    this.weight = weight;
    List<ColumnDrift> judged =
        found.columns.stream().map(column -> column.at(falseAlarmRate)).toList();
    // What has the same weight stays in the order of effects.
    this.columns = ranked(ranked(judged, Verdict::weight), weight);
    RatedSegments rated = found.segments;
    this.segments = rated == null ? null : rated.at(falseAlarmRate).rankedBy(weight);
  }

  /** What a report is made of, at any rate of false alarms and in any order. */
  private record Found(
      List<RatedColumn> columns,
      long referenceRows,
      long currentRows,
      @Nullable RatedSegments segments) {}

  /** A column at any rate of false alarms. */
  private record RatedColumn(
      RatedVerdict verdict,
      @Nullable ColumnProfile reference,
      @Nullable ColumnProfile current,
      Map<DriftStatistic, Double> statistics) {

    ColumnDrift at(double falseAlarmRate) {
      return new ColumnDrift(verdict.at(falseAlarmRate), reference, current, statistics);
    }
  }

  /**
   * Compares rows, on this thread. The statistics are those of the numbers themselves; the verdicts
   * are those of profiles in common bins.
   */
  public static DriftReport between(Dataset reference, Dataset current) {
    return between(reference, current, 1);
  }

  /**
   * Compares rows on so many threads: this one, and others that end with the call.
   *
   * @throws IllegalArgumentException if there is no thread
   */
  public static DriftReport between(Dataset reference, Dataset current, int threads) {
    return of(
        inParallel(
            names(reference, current),
            name -> guarded(name, n -> ColumnComparison.of(n, reference, current)),
            threads),
        reference.rowCount(),
        current.rowCount(),
        null);
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
        current.rowCount(),
        null);
  }

  /** Compares rows, as a whole and {@linkplain #segments segment by segment}, on this thread. */
  public static DriftReport bySegment(Dataset reference, Dataset current, String keyColumn) {
    return bySegment(reference, current, keyColumn, 1);
  }

  /**
   * Compares rows, as a whole and {@linkplain #segments segment by segment}, on so many threads:
   * this one, and others that end with the call. The columns are those of {@link #between(Dataset,
   * Dataset)}. Up to {@value SegmentedProfile#MAX_SEGMENTS} keys have a segment, chosen as {@link
   * SegmentedProfile} says.
   *
   * <p>Cost: every row is profiled once more, in its segment; a report takes two to three times as
   * long as one without segments; tens of thousands of keys take seconds, and so do many shares
   * that changed (2 s for 20 flags in 100 segments of 1,000 rows a side).
   *
   * @param keyColumn a STRING column of both, such as the carrier
   * @throws dev.mlops4j.data.SchemaException if a sample has no such column, or one of another type
   * @throws dev.mlops4j.profile.ProfileException if the column is sensitive: the segments would
   *     show its values
   * @throws IllegalArgumentException if there is no thread
   */
  public static DriftReport bySegment(
      Dataset reference, Dataset current, String keyColumn, int threads) {
    SegmentComparison segments = SegmentComparison.of(reference, current, keyColumn);
    List<InSegments> compared =
        inParallel(
            names(reference, current),
            name -> InSegments.of(name, reference, current, segments),
            threads);
    return of(
        compared.stream().map(InSegments::whole).toList(),
        reference.rowCount(),
        current.rowCount(),
        segments.rated(
            compared.stream()
                .filter(column -> !column.name().equals(keyColumn))
                .map(InSegments::tests)
                .toList()));
  }

  /**
   * Compares profiles, as a whole and {@linkplain #segments segment by segment}; see {@link
   * ProfileDrift#bySegment} for the bins that their numbers must be counted in.
   *
   * @throws dev.mlops4j.profile.ProfileException if they are by different keys
   */
  public static DriftReport bySegment(SegmentedProfile reference, SegmentedProfile current) {
    SegmentComparison segments = SegmentComparison.of(reference, current);
    DriftReport whole = between(reference.overall(), current.overall());
    List<List<ColumnTest>> tests =
        ProfileDrift.columns(reference, current).map(segments::tests).toList();
    return new DriftReport(
        new Found(
            whole.found.columns, whole.referenceRows(), whole.currentRows(), segments.rated(tests)),
        whole.falseAlarmRate,
        whole.weight);
  }

  /** A column in all rows, and its tests in the segments. */
  private record InSegments(String name, ColumnComparison whole, List<ColumnTest> tests) {

    static InSegments of(
        String name, Dataset reference, Dataset current, SegmentComparison segments) {
      try {
        DatasetProfile bins = ColumnComparison.profile(name, reference);
        ColumnComparison whole = ColumnComparison.of(name, reference, current, bins);
        List<ColumnTest> tests =
            whole.test().failed()
                ? segments.inAll(whole.test())
                : segments.tests(name, reference, current, bins);
        return new InSegments(name, whole, tests);
      } catch (RuntimeException e) {
        ColumnComparison failed = failed(name, e);
        return new InSegments(name, failed, segments.inAll(failed.test()));
      }
    }
  }

  private static List<String> names(Dataset reference, Dataset current) {
    return Stream.concat(reference.schema().fields().stream(), current.schema().fields().stream())
        .map(Field::name)
        .distinct()
        .toList();
  }

  private static DriftReport of(
      List<ColumnComparison> compared,
      long referenceRows,
      long currentRows,
      @Nullable RatedSegments segments) {
    List<RatedVerdict> verdicts =
        RatedVerdict.of(compared.stream().map(ColumnComparison::test).toList());
    List<RatedColumn> columns = new ArrayList<>();
    for (int i = 0; i < compared.size(); i++) {
      ColumnComparison column = compared.get(i);
      columns.add(
          new RatedColumn(
              verdicts.get(i), column.reference(), column.current(), column.statistics()));
    }
    return new DriftReport(
        new Found(columns, referenceRows, currentRows, segments), Judge.ALPHA, Verdict::weight);
  }

  private static ColumnComparison guarded(String name, Function<String, ColumnComparison> compare) {
    try {
      return compare.apply(name);
    } catch (RuntimeException e) {
      return failed(name, e);
    }
  }

  private static ColumnComparison failed(String name, RuntimeException e) {
    return new ColumnComparison(
        ProfileDrift.failed(name, "it could not be compared: " + e), null, null, Map.of());
  }

  private static <T> List<T> inParallel(
      List<String> names, Function<String, T> compare, int threads) {
    if (threads < 1) {
      throw new IllegalArgumentException("at least one thread is needed, found " + threads);
    }
    List<FutureTask<T>> tasks =
        names.stream().map(name -> new FutureTask<>(() -> compare.apply(name))).toList();
    Queue<FutureTask<T>> waiting = new ConcurrentLinkedQueue<>(tasks);
    try {
      for (int i = 1; i < threads; i++) {
        Thread other = new Thread(() -> work(waiting), "drift-report-" + i);
        other.setDaemon(true);
        other.start();
      }
      // So does this one: it has a core already, and the others find one that is free.
      work(waiting);
      List<T> compared = new ArrayList<>();
      for (FutureTask<T> task : tasks) {
        compared.add(task.get());
      }
      return compared;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MonitoringException("the comparison was interrupted", e);
    } catch (ExecutionException e) {
      throw new MonitoringException("the comparison failed", Objects.requireNonNull(e.getCause()));
    } finally {
      waiting.clear();
    }
  }

  /** Does what waits, until nothing does. */
  private static void work(Queue<? extends Runnable> waiting) {
    Runnable next = waiting.poll();
    while (next != null) {
      next.run();
      next = waiting.poll();
    }
  }

  private static List<ColumnDrift> ranked(
      List<ColumnDrift> columns, ToDoubleFunction<Verdict> weight) {
    return columns.stream()
        .sorted(Comparator.comparing(ColumnDrift::verdict, Verdict.byRank(weight)))
        .toList();
  }

  /**
   * The same with the columns of one status in the order of effect times importance: what the model
   * does not look at comes last. So do segments in which only such columns drifted.
   *
   * @param importance how much the model depends on a column, 0 or more; of a column without any it
   *     is 0
   */
  public DriftReport rankedBy(Map<String, Double> importance) {
    Map<String, Double> copy = new HashMap<>(importance);
    return new DriftReport(
        found,
        falseAlarmRate,
        verdict -> verdict.weight() * copy.getOrDefault(verdict.column(), 0.0));
  }

  /**
   * The same with another rate than one report in twenty: of the reports the share that has an
   * alert in a column at most, if nothing differs, and besides that has one in a segment.
   *
   * @param falseAlarmRate above 0, at most 0.5
   * @throws IllegalArgumentException if it is not
   */
  public DriftReport withFalseAlarmRate(double falseAlarmRate) {
    Judge.checkRate(falseAlarmRate);
    return new DriftReport(found, falseAlarmRate, weight);
  }

  /** The columns, in the order in which to look at them. */
  public List<ColumnDrift> columns() {
    return columns;
  }

  /** The column of this name, if one of the samples has it. */
  public Optional<ColumnDrift> column(String name) {
    return columns.stream().filter(column -> column.name().equals(name)).findFirst();
  }

  /** The segments; empty unless the report was made {@code bySegment}. */
  public Optional<DriftSegments> segments() {
    return Optional.ofNullable(segments);
  }

  /** The verdicts on columns that are alerts; those of segments are in {@link #segments}. */
  public List<Verdict> alerts() {
    return columns.stream().map(ColumnDrift::verdict).filter(Verdict::isAlert).toList();
  }

  /** How many rows the reference has. */
  public long referenceRows() {
    return found.referenceRows;
  }

  /** How many rows the current sample has. */
  public long currentRows() {
    return found.currentRows;
  }

  /** What was found, in a sentence or two. */
  public String summary() {
    String names =
        alerts().stream()
            .map(alert -> Printable.of(alert.column()))
            .collect(Collectors.joining(", "));
    return counts()
        + (names.isEmpty() ? "" : " Drifted: " + names + ".")
        + (segments == null ? "" : " " + segments.summary());
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
            currentRows(),
            referenceRows());
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
   * Writes one file of HTML that opens offline: the summary, the columns and segments as tables,
   * and each column's distributions, quantiles, frequent categories and statistics.
   *
   * @param file replaced if it is there
   * @throws dev.mlops4j.MlopsException if it cannot be written
   */
  public void writeHtml(Path file) {
    DriftPage.of(this).write(file);
  }

  /** The summary, the columns and the segments as tables of GitHub's Markdown. */
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

  /** The summary, the columns and the first segments as tables for terminals. */
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
    return summary()
        + "\n"
        + table.build()
        + (segments == null ? "" : "\n\n" + SegmentTables.text(segments));
  }
}
