package dev.mlops4j.monitoring;

import dev.mlops4j.MlopsException;
import dev.mlops4j.data.Timestamps;
import dev.mlops4j.evaluation.EvaluationException;
import dev.mlops4j.evaluation.MeanMetric;
import dev.mlops4j.model.Signature.Task;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads how good predictions were out of the ledger, in one pass. Memory grows with the labelled
 * predictions of the time.
 */
final class PerformanceReader {

  private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);

  private final Ledger ledger;
  private final Task task;
  private final References references;
  private final List<Segment> segments;
  private final List<BusinessMetric> metrics;

  PerformanceReader(
      Ledger ledger,
      Task task,
      References references,
      List<Segment> segments,
      List<BusinessMetric> metrics) {
    this.ledger = ledger;
    this.task = task;
    this.references = references;
    this.segments = List.copyOf(segments);
    this.metrics = List.copyOf(metrics);
  }

  /** Whether windows need more than the pairs of predictions and outcomes that are stored. */
  boolean hasMetrics() {
    return !metrics.isEmpty();
  }

  /** The names of the functions that are metrics. */
  List<String> metricNames() {
    return metrics.stream().map(BusinessMetric::name).toList();
  }

  boolean hasSegments() {
    return !segments.isEmpty();
  }

  PerformanceReport read(long fromMicros, long toMicros) {
    Pass pass = new Pass();
    ledger.scan(fromMicros, toMicros, pass::add);
    SortedMap<Integer, Performance> byVersion = new TreeMap<>();
    pass.versions.forEach((version, slice) -> byVersion.put(version, pass.performance(slice)));
    SortedMap<String, Performance> byArm = new TreeMap<>();
    pass.arms.forEach((arm, slice) -> byArm.put(arm, pass.performance(slice)));
    Map<String, Map<String, Performance>> bySegment = new LinkedHashMap<>();
    for (int i = 0; i < segments.size(); i++) {
      bySegment.put(segments.get(i).name(), pass.bySize(pass.values.get(i)));
    }
    return new PerformanceReport(
        Timestamps.fromMicros(fromMicros),
        Timestamps.fromMicros(toMicros),
        pass.performance(pass.all),
        byVersion,
        byArm,
        bySegment);
  }

  /** A labelled prediction. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  private record Labelled(List<String> classes, double[] output, String outcome, double[] values) {}

  /** Some of the predictions. */
  private static final class Slice {

    private long rows;
    private final List<Labelled> labelled = new ArrayList<>();

    void add(@Nullable Labelled row) {
      rows++;
      if (row != null) {
        labelled.add(row);
      }
    }

    void add(Slice other) {
      rows += other.rows;
      labelled.addAll(other.labelled);
    }
  }

  private final class Pass {

    private final Slice all = new Slice();
    private final SortedMap<Integer, Slice> versions = new TreeMap<>();
    private final SortedMap<String, Slice> arms = new TreeMap<>();
    private final List<SortedMap<String, Slice>> values = new ArrayList<>();
    private final List<Function<LedgerRow, @Nullable String>> readers = new ArrayList<>();
    private final Map<Integer, List<String>> classes = new HashMap<>();

    Pass() {
      for (Segment segment : segments) {
        readers.add(segment.reader(references));
        values.add(new TreeMap<>());
      }
    }

    void add(LedgerRow row) {
      Labelled labelled = labelled(row);
      all.add(labelled);
      versions.computeIfAbsent(row.version(), version -> new Slice()).add(labelled);
      arms.computeIfAbsent(row.arm(), arm -> new Slice()).add(labelled);
      for (int i = 0; i < readers.size(); i++) {
        String value = readers.get(i).apply(row);
        values
            .get(i)
            .computeIfAbsent(value == null ? PerformanceReport.NONE : value, key -> new Slice())
            .add(labelled);
      }
    }

    private @Nullable Labelled labelled(LedgerRow row) {
      String outcome = row.outcome();
      if (outcome == null) {
        return null;
      }
      double[] numbers = metrics.stream().mapToDouble(metric -> value(metric, row)).toArray();
      List<String> names = classes.computeIfAbsent(row.version(), this::classes);
      return new Labelled(names, row.output(), outcome, numbers);
    }

    private List<String> classes(int version) {
      if (task != Task.MULTICLASS) {
        return List.of();
      }
      try {
        return references.signature(version).output().labels();
      } catch (MlopsException e) {
        // Nothing says what its outputs mean.
        return List.of();
      }
    }

    /** The largest first, of those of one size the first by name. */
    Map<String, Performance> bySize(SortedMap<String, Slice> slices) {
      List<Map.Entry<String, Slice>> sorted = new ArrayList<>(slices.entrySet());
      sorted.sort(Comparator.comparingLong(slice -> -slice.getValue().rows));
      Map<String, Performance> performances = new LinkedHashMap<>();
      Slice others = new Slice();
      for (Map.Entry<String, Slice> slice : sorted) {
        if (performances.size() < PerformanceReport.MOST_VALUES) {
          performances.put(slice.getKey(), performance(slice.getValue()));
        } else {
          others.add(slice.getValue());
        }
      }
      if (others.rows > 0) {
        performances.put(PerformanceReport.OTHERS, performance(others));
      }
      return performances;
    }

    Performance performance(Slice slice) {
      LabelledRows rows = new LabelledRows(task);
      slice.labelled.forEach(row -> rows.add(row.classes(), row.output(), row.outcome()));
      Map<String, MeanMetric> means = new LinkedHashMap<>();
      for (int i = 0; i < metrics.size() && !slice.labelled.isEmpty(); i++) {
        int place = i;
        try {
          double[] numbers =
              slice.labelled.stream().mapToDouble(row -> row.values()[place]).toArray();
          means.put(metrics.get(i).name(), MeanMetric.of(numbers));
        } catch (EvaluationException e) {
          LOG.warn("the metric \"{}\" is left out: {}", metrics.get(i).name(), e.getMessage());
        }
      }
      return rows.performance(slice.rows, means);
    }
  }

  /** NaN if the function fails, which leaves the metric out of what the row belongs to. */
  private static double value(BusinessMetric metric, LedgerRow row) {
    try {
      return metric.value().applyAsDouble(row);
    } catch (RuntimeException e) {
      LOG.debug("the metric \"{}\" failed", metric.name(), e);
      return Double.NaN;
    }
  }
}
