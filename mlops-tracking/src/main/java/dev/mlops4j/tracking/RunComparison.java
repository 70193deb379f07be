package dev.mlops4j.tracking;

import dev.mlops4j.evaluation.Better;
import dev.mlops4j.report.SideBySide;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Two or more runs side by side: what they have in common and where they differ. Immutable; of a
 * long series it keeps what {@link MetricSeries} says. Made by {@link Tracking#compare(String...)}.
 *
 * <pre>{@code
 * RunComparison comparison = tracking.compare(champion, challenger);
 * System.out.println(comparison.differences().toText());
 * Files.writeString(Path.of("runs.html"), comparison.toHtml());
 * }</pre>
 *
 * <p><b>Best.</b> A metric of which a run has more than one point is compared by its latest value
 * and by its best one. Which that is, the metric's name tells if it is well known, see {@link
 * Better#of}, or {@link #better} states it; else both the greatest and the least are shown.
 */
public final class RunComparison {

  private final List<ComparedRun> compared;
  private final Map<String, Better> stated;
  private final boolean onlyDifferences;
  private final List<Row> rows;

  private RunComparison(
      List<ComparedRun> compared, Map<String, Better> stated, boolean onlyDifferences) {
    this.compared = compared;
    this.stated = stated;
    this.onlyDifferences = onlyDifferences;
    this.rows =
        new ComparedRows(compared, stated)
            .all().stream().filter(row -> !onlyDifferences || row.differs()).toList();
  }

  /**
   * Compares runs.
   *
   * @throws IllegalArgumentException if there are fewer than two
   */
  static RunComparison of(List<ComparedRun> runs) {
    if (runs.size() < 2) {
      throw new IllegalArgumentException("compare two runs or more, found " + runs.size());
    }
    return new RunComparison(List.copyOf(runs), Map.of(), false);
  }

  /** The runs, in the order in which they were given. */
  public List<RunRecord> runs() {
    return compared.stream().map(ComparedRun::run).toList();
  }

  /** What is compared: section by section in the order of {@link Section}, in each by key. */
  public List<Row> rows() {
    return rows;
  }

  /**
   * The rows of one section.
   *
   * @return unmodifiable; empty if no run has anything of it
   */
  public List<Row> rows(Section section) {
    return rows.stream().filter(row -> row.section() == section).toList();
  }

  /** The same with only the rows in which the runs differ. */
  public RunComparison differences() {
    return new RunComparison(compared, stated, true);
  }

  /** The same with a statement of which values of a metric are better. */
  public RunComparison better(String metric, Better better) {
    Map<String, Better> all = new HashMap<>(stated);
    all.put(metric, better);
    return new RunComparison(compared, Map.copyOf(all), onlyDifferences);
  }

  /** The metrics that any of the runs has. */
  public SortedSet<String> metrics() {
    SortedSet<String> metrics = new TreeSet<>();
    compared.forEach(run -> metrics.addAll(run.series().keySet()));
    return Collections.unmodifiableSortedSet(metrics);
  }

  /** A metric's series in each run, in the order of the runs; without points where one has none. */
  public List<MetricSeries> series(String metric) {
    return compared.stream()
        .map(run -> run.series().getOrDefault(metric, MetricSeries.NONE))
        .toList();
  }

  /** A table for terminals and logs, as wide as it needs to be: a column a run, a line a row. */
  public String toText() {
    return toText(Integer.MAX_VALUE);
  }

  /** A table of at most this width, as far as that can be. */
  public String toText(int width) {
    return table().toText(width);
  }

  /** A table of GitHub's Markdown. */
  public String toMarkdown() {
    return table().toMarkdown();
  }

  /**
   * One file of HTML that needs nothing else, no network either, to be written in UTF-8: the table,
   * in which the rows that are the same are shown when the reader asks for them, and a chart for
   * each metric of which a run has more than one point, with a line a run. NaN and infinities are
   * gaps in a line.
   */
  public String toHtml() {
    return ComparisonPage.of(this, table());
  }

  private SideBySide table() {
    List<SideBySide.Line> lines = new ArrayList<>();
    lines.add(line("run", "experiment", RunRecord::experiment));
    lines.add(line("run", "id", RunRecord::id));
    lines.add(line("run", "status", run -> run.status().toString()));
    lines.add(line("run", "started", run -> run.startedAt().toString()));
    boolean withChange = compared.size() == 2;
    for (Row row : rows) {
      lines.add(
          new SideBySide.Line(
              row.section().title(), row.key(), row.values(), withChange ? row.change() : ""));
    }
    return new SideBySide(runs().stream().map(RunRecord::name).toList(), withChange, lines);
  }

  private SideBySide.Line line(String section, String key, Function<RunRecord, String> value) {
    return new SideBySide.Line(section, key, runs().stream().map(value).toList(), "");
  }

  /** What a row is about. */
  public enum Section {
    /** Params. */
    PARAM,
    /** Metrics, their latest values. */
    METRIC,
    /** Metrics with more than one point: their best values, and at which step they first were. */
    BEST,
    /** Datasets, by role and name. */
    DATASET,
    /** Models that were logged: format, feature set and its fingerprint, inputs, output. */
    MODEL,
    /** Tags. */
    TAG,
    /** The code: its commit in Git. */
    CODE,
    /** Where the runs happened. */
    ENVIRONMENT;

    String title() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * One thing that is compared.
   *
   * @param section what it is about
   * @param key its name
   * @param values the value of each run, in the order of the runs; null where a run has none
   */
  public record Row(Section section, String key, List<@Nullable String> values) {

    /** Copies the values. */
    public Row {
      values = Collections.unmodifiableList(new ArrayList<>(values));
    }

    /** Whether the runs differ in it. */
    public boolean differs() {
      return new HashSet<>(values).size() > 1;
    }

    /** How a metric changed from the first run to the last, or empty. */
    String change() {
      String before = values.get(0);
      String after = values.get(values.size() - 1);
      return section != Section.METRIC || before == null || after == null
          ? ""
          : SideBySide.change(Double.parseDouble(before), Double.parseDouble(after));
    }
  }
}
