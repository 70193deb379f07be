package dev.mlops4j.monitoring;

import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.InputType;
import dev.mlops4j.model.Signature.Task;
import dev.mlops4j.model.TrainingData;
import dev.mlops4j.monitoring.ReferenceColumn.Shape;
import dev.mlops4j.profile.CategorySummary;
import dev.mlops4j.profile.ColumnProfile;
import dev.mlops4j.profile.DatasetProfile;
import dev.mlops4j.profile.Histogram;
import dev.mlops4j.profile.NumericSummary;
import dev.mlops4j.profile.ProfileException;
import dev.mlops4j.profile.ProfileSeries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a reference out of a profile. The rows of a reference profile are labelled rows, so the
 * sums of labels and of predictions are those of the same rows.
 */
final class ReferenceReader {

  /** Where only columns are compared, nobody asks what a model takes. */
  private static final Signature NO_MODEL =
      new Signature(List.of(Signature.Input.numeric("none")), Signature.Output.regression("none"));

  private final ProfileSeries series;
  private final Signature signature;
  private final List<ReferenceColumn> columns = new ArrayList<>();

  ReferenceReader(ProfileSeries series, Signature signature) {
    this.series = series;
    this.signature = signature;
  }

  /** The reference of all columns that have numbers or categories, whatever a model takes. */
  static Reference ofColumns(ProfileSeries series) {
    ReferenceReader reader = new ReferenceReader(series, NO_MODEL);
    for (ColumnProfile column : series.overall().columns()) {
      boolean categories = column.categories().isPresent();
      if (categories || column.numbers().isPresent()) {
        reader.addColumn(column.name(), AlertKind.FEATURE_DRIFT, !categories);
      }
    }
    return reader.reference();
  }

  Reference read() {
    for (Signature.Input input : signature.inputs()) {
      addColumn(input.name(), AlertKind.FEATURE_DRIFT, input.type() == InputType.NUMERIC);
    }
    Task task = signature.output().task();
    addColumn(TrainingData.PREDICTION_COLUMN, AlertKind.PREDICTION_DRIFT, task != Task.MULTICLASS);
    String target = signature.output().name();
    if (task == Task.BINARY) {
      addOutcome(target, AlertKind.LABEL_DRIFT, Shape.SHARE);
      addOutcome(Reference.GAP, AlertKind.CALIBRATION, Shape.GAP);
    } else {
      addColumn(target, AlertKind.LABEL_DRIFT, task == Task.REGRESSION);
    }
    return reference();
  }

  private Reference reference() {
    List<ProfileSeries.Window> windows = whole(series.windows());
    Set<String> sensitive =
        series.overall().columns().stream()
            .filter(ColumnProfile::sensitive)
            .map(ColumnProfile::name)
            .collect(Collectors.toSet());
    if (windows.isEmpty()) {
      return new Reference(
          signature, columns, counts(series.overall()), List.of(), null, sensitive);
    }
    Duration length = Duration.between(windows.get(0).start(), windows.get(0).end());
    Periods numbers = Periods.of(length);
    List<Period> periods = new ArrayList<>();
    for (ProfileSeries.Window window : windows) {
      periods.add(new Period(numbers.numberOf(window.start()), counts(window.profile())));
    }
    return new Reference(signature, columns, counts(series.overall()), periods, length, sensitive);
  }

  /**
   * The windows without a fragment at either end: one with fewer than half the rows of the median
   * window was cut by the beginning or the end of the data.
   */
  static List<ProfileSeries.Window> whole(List<ProfileSeries.Window> windows) {
    if (windows.isEmpty()) {
      return windows;
    }
    long[] rows =
        windows.stream().mapToLong(window -> window.profile().rowCount()).sorted().toArray();
    double median = (rows[(rows.length - 1) / 2] + rows[rows.length / 2]) / 2.0;
    int from = 0;
    int to = windows.size();
    if (windows.get(from).profile().rowCount() < median / 2) {
      from++;
    }
    if (to - from > 1 && windows.get(to - 1).profile().rowCount() < median / 2) {
      to--;
    }
    return windows.subList(from, to);
  }

  private void addColumn(String name, AlertKind kind, boolean numbers) {
    Shape shape = numbers ? Shape.NUMBERS : Shape.CATEGORIES;
    try {
      // A target is never missing, so of a sensitive one there is nothing to compare.
      if (kind == AlertKind.FEATURE_DRIFT && series.overall().column(name).sensitive()) {
        columns.add(ReferenceColumn.sensitive(name, kind));
      } else if (numbers) {
        Histogram histogram = series.overall().numbers(name).histogram().orElse(null);
        columns.add(
            histogram == null
                ? ReferenceColumn.broken(
                    name, kind, shape, "the reference profile has no bins of it")
                : ReferenceColumn.numbers(name, kind, histogram.edges()));
      } else {
        CategorySummary categories = series.overall().categories(name);
        List<String> known = List.copyOf(categories.counts().keySet());
        columns.add(
            ReferenceColumn.categories(
                name, kind, known, OtherParts.of(known, OtherParts.count(categories), categories)));
      }
    } catch (ProfileException e) {
      columns.add(ReferenceColumn.broken(name, kind, shape, String.valueOf(e.getMessage())));
    }
  }

  private void addOutcome(String name, AlertKind kind, Shape shape) {
    try {
      ColumnProfile label = series.overall().column(signature.output().name());
      NumericSummary numbers = series.overall().numbers(label.name());
      if (label.missing() != 0 || numbers.finite() != numbers.count()) {
        throw new ProfileException(
            "the reference profile has rows without a label; profile labelled rows only");
      }
      if (shape == Shape.GAP) {
        NumericSummary predictions = series.overall().numbers(TrainingData.PREDICTION_COLUMN);
        if (predictions.finite() != label.count()) {
          throw new ProfileException("the reference profile has rows without a prediction");
        }
      }
      columns.add(ReferenceColumn.outcome(name, kind, shape));
    } catch (ProfileException e) {
      columns.add(ReferenceColumn.broken(name, kind, shape, String.valueOf(e.getMessage())));
    }
  }

  private PeriodCounts counts(DatasetProfile profile) {
    return counts(profile, columns, signature);
  }

  /** What a profile holds of these columns. */
  static PeriodCounts counts(
      DatasetProfile profile, List<ReferenceColumn> columns, Signature signature) {
    PeriodCounts counts = new PeriodCounts(columns);
    counts.rows = profile.rowCount();
    for (int i = 0; i < columns.size(); i++) {
      ReferenceColumn column = columns.get(i);
      if (column.problem() == null) {
        fill(counts.columns[i], column, profile, signature);
      }
    }
    return counts;
  }

  private static void fill(
      ColumnCounts counts, ReferenceColumn column, DatasetProfile profile, Signature signature) {
    // Of outcomes that are not known yet a profile has no rows.
    counts.rows =
        profile.contains(column.name())
            ? profile.column(column.name()).count()
            : profile.rowCount();
    switch (column.shape()) {
      case NUMBERS -> {
        Histogram histogram = profile.numbers(column.name()).histogram().orElse(null);
        fillBins(counts, histogram, column);
      }
      case CATEGORIES -> {
        CategorySummary categories = profile.categories(column.name());
        categories
            .counts()
            .forEach(
                (category, count) -> {
                  int index = column.indexOf(category);
                  if (index >= 0) {
                    counts.counts[index] += count;
                  } else {
                    counts.unseen += count;
                  }
                });
        addOthers(counts, column, categories);
        counts.missing = counts.rows - categories.count();
      }
      case MISSING -> counts.missing = profile.column(column.name()).missing();
      case SHARE, GAP -> {
        NumericSummary labels = profile.numbers(signature.output().name());
        long yes = Math.round(labels.sum());
        counts.counts[0] = counts.rows - yes;
        counts.counts[1] = yes;
        if (column.shape() == Shape.GAP) {
          counts.predicted = profile.numbers(TrainingData.PREDICTION_COLUMN).sum();
        }
      }
    }
  }

  private static void addOthers(
      ColumnCounts counts, ReferenceColumn column, CategorySummary categories) {
    int first = column.categories().size();
    if (column.others().size() == 1) {
      counts.counts[first] += categories.other();
    } else if (column.others().size() > 1) {
      long[] parts =
          categories
              .parts()
              .orElseThrow(
                  () ->
                      new MonitoringException(
                          "the others of column \""
                              + column.name()
                              + "\" are not counted in parts in a window that was stored by an"
                              + " earlier version; profile the window again"));
      for (int part = 0; part < parts.length; part++) {
        counts.counts[first + part] += parts[part];
      }
    }
  }

  private static void fillBins(
      ColumnCounts counts, @Nullable Histogram histogram, ReferenceColumn column) {
    if (histogram == null || !Objects.equals(histogram.edges(), column.edges())) {
      throw new MonitoringException(
          "column \""
              + column.name()
              + "\" has other bins in a window than in the reference profile; count the window in"
              + " the reference's bins");
    }
    long[] bins = histogram.counts();
    System.arraycopy(bins, 0, counts.counts, 0, bins.length);
    counts.missing = counts.rows - Arrays.stream(bins).sum();
  }
}
