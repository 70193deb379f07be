package dev.mlops4j.tracking;

import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.report.TextTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Runs side by side: what they have in common and where they differ. Immutable.
 *
 * <pre>{@code
 * System.out.println(tracking.compare(champion, challenger).differences().toText());
 * }</pre>
 *
 * @param runs the runs, in the order in which they were given
 * @param rows what is compared: first params, then metrics, datasets, tags and environment, each by
 *     key
 */
public record RunComparison(List<RunRecord> runs, List<Row> rows) {

  private static final String ABSENT = "-";

  /** Copies the lists. */
  public RunComparison {
    runs = List.copyOf(runs);
    rows = List.copyOf(rows);
  }

  /**
   * Compares runs.
   *
   * @throws IllegalArgumentException if there are none
   */
  public static RunComparison of(List<RunRecord> runs) {
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("compare one run or more, found none");
    }
    List<Row> rows = new ArrayList<>();
    add(rows, Section.PARAM, runs, RunRecord::params);
    add(rows, Section.METRIC, runs, RunComparison::metrics);
    add(rows, Section.DATASET, runs, RunComparison::datasets);
    add(rows, Section.TAG, runs, RunRecord::tags);
    add(rows, Section.ENVIRONMENT, runs, RunRecord::environment);
    return new RunComparison(runs, rows);
  }

  /** The same with only the rows in which the runs differ. */
  public RunComparison differences() {
    return new RunComparison(runs, rows.stream().filter(Row::differs).toList());
  }

  /**
   * The rows of one section.
   *
   * @return unmodifiable; empty if no run has anything of it
   */
  public List<Row> rows(Section section) {
    return rows.stream().filter(row -> row.section() == section).toList();
  }

  /** A table for terminals and logs: a column a run, a line a row. */
  public String toText() {
    TextTable.Builder table = TextTable.builder().left("").left("");
    runs.forEach(run -> table.left(run.name()));
    table.row(line("run", "status", runs, run -> run.status().toString()));
    table.row(line("run", "started", runs, run -> run.startedAt().toString()));
    for (Row row : rows) {
      table.row(line(row.section().title(), row.key(), row.values(), RunComparison::shown));
    }
    return table.build().toString();
  }

  private static <V extends @Nullable Object> Object[] line(
      String section, String key, List<V> values, Function<V, String> text) {
    List<Object> cells = new ArrayList<>(List.of(section, key));
    values.forEach(value -> cells.add(text.apply(value)));
    return cells.toArray();
  }

  private static String shown(@Nullable String value) {
    return value == null ? ABSENT : value;
  }

  private static void add(
      List<Row> rows,
      Section section,
      List<RunRecord> runs,
      Function<RunRecord, SortedMap<String, String>> entries) {
    List<SortedMap<String, String>> all = runs.stream().map(entries).toList();
    TreeMap<String, Boolean> keys = new TreeMap<>();
    all.forEach(map -> map.keySet().forEach(key -> keys.put(key, true)));
    for (String key : keys.keySet()) {
      List<@Nullable String> values = new ArrayList<>();
      all.forEach(map -> values.add(map.get(key)));
      rows.add(new Row(section, key, values));
    }
  }

  private static SortedMap<String, String> metrics(RunRecord run) {
    SortedMap<String, String> values = new TreeMap<>();
    run.metrics().forEach((key, point) -> values.put(key, Double.toString(point.value())));
    return values;
  }

  private static SortedMap<String, String> datasets(RunRecord run) {
    SortedMap<String, String> values = new TreeMap<>();
    for (DatasetReference dataset : run.datasets()) {
      values.merge(
          dataset.role() + ": " + dataset.name(),
          dataset.rows() + " rows, " + dataset.digest().shortHex(),
          (one, other) -> one + "; " + other);
    }
    return values;
  }

  /** What a row is about. */
  public enum Section {
    /** Params. */
    PARAM,
    /** Metrics, their latest values. */
    METRIC,
    /** Datasets, by role and name. */
    DATASET,
    /** Tags. */
    TAG,
    /** Where the runs happened. */
    ENVIRONMENT;

    private String title() {
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
  }
}
