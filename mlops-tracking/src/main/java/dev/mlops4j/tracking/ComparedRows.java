package dev.mlops4j.tracking;

import dev.mlops4j.evaluation.Better;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.tracking.RunComparison.Row;
import dev.mlops4j.tracking.RunComparison.Section;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rows of a comparison, section by section, in each by key. */
final class ComparedRows {

  private final List<ComparedRun> runs;
  private final Map<String, Better> stated;

  ComparedRows(List<ComparedRun> runs, Map<String, Better> stated) {
    this.runs = runs;
    this.stated = stated;
  }

  List<Row> all() {
    List<Row> rows = new ArrayList<>();
    for (Section section : Section.values()) {
      Function<ComparedRun, SortedMap<String, String>> values =
          switch (section) {
            case PARAM -> compared -> compared.run().params();
            case METRIC -> ComparedRows::metrics;
            case BEST -> compared -> best(compared, metricsWithSeries());
            case DATASET -> ComparedRows::datasets;
            case MODEL -> ComparedRun::models;
            case TAG -> compared -> compared.run().tags();
            case CODE -> compared -> environment(compared, true);
            case ENVIRONMENT -> compared -> environment(compared, false);
          };
      add(rows, section, values);
    }
    return rows;
  }

  private void add(
      List<Row> rows, Section section, Function<ComparedRun, SortedMap<String, String>> entries) {
    List<SortedMap<String, String>> all = runs.stream().map(entries).toList();
    Set<String> keys = new TreeSet<>();
    all.forEach(map -> keys.addAll(map.keySet()));
    for (String key : keys) {
      List<@Nullable String> values = new ArrayList<>();
      all.forEach(map -> values.add(map.get(key)));
      rows.add(new Row(section, key, values));
    }
  }

  private static SortedMap<String, String> metrics(ComparedRun compared) {
    SortedMap<String, String> values = new TreeMap<>();
    compared.run().metrics().forEach((key, point) -> values.put(key, text(point)));
    return values;
  }

  /** Of a single point the latest is the best. */
  private Set<String> metricsWithSeries() {
    Set<String> keys = new TreeSet<>();
    for (ComparedRun compared : runs) {
      compared
          .series()
          .forEach(
              (key, series) -> {
                if (series.points() > 1) {
                  keys.add(key);
                }
              });
    }
    return keys;
  }

  private SortedMap<String, String> best(ComparedRun compared, Set<String> keys) {
    SortedMap<String, String> values = new TreeMap<>();
    for (String key : keys) {
      MetricSeries series = compared.series().getOrDefault(key, MetricSeries.NONE);
      Better better = stated.getOrDefault(key, Better.of(key).orElse(null));
      if (better != Better.LOWER) {
        put(values, key + " (greatest)", series.greatest());
      }
      if (better != Better.HIGHER) {
        put(values, key + " (least)", series.least());
      }
    }
    return values;
  }

  private static void put(SortedMap<String, String> to, String key, @Nullable MetricPoint point) {
    if (point != null) {
      to.put(key, text(point) + " at step " + point.step());
    }
  }

  private static String text(MetricPoint point) {
    return Double.toString(point.value());
  }

  private static SortedMap<String, String> datasets(ComparedRun compared) {
    return DatasetReference.properties(compared.run().datasets());
  }

  private static SortedMap<String, String> environment(ComparedRun compared, boolean code) {
    SortedMap<String, String> entries = new TreeMap<>(compared.run().environment());
    entries.keySet().removeIf(key -> isCode(key) != code);
    return entries;
  }

  private static boolean isCode(String entry) {
    return entry.startsWith("git.") || entry.equals("git commit");
  }
}
