package dev.mlops4j.monitoring;

import dev.mlops4j.monitoring.ReferenceColumn.Shape;
import dev.mlops4j.monitoring.statistics.CategoryPair;
import dev.mlops4j.monitoring.statistics.NumericPair;
import dev.mlops4j.profile.CategorySummary;
import dev.mlops4j.profile.ColumnProfile;
import dev.mlops4j.profile.DatasetProfile;
import dev.mlops4j.profile.Histogram;
import dev.mlops4j.profile.NumericSummary;
import dev.mlops4j.profile.ProfileSeries;
import dev.mlops4j.profile.SegmentedProfile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Verdicts on profiles, column by column, for data without a model or a monitor. The same tests,
 * floors and rate as a {@link Monitor}'s: if nothing drifted, at most one list in twenty has an
 * alert; of two samples where rows are independent, of several windows together where windows are.
 * What goes wrong in one column is the verdict of that column.
 *
 * <p>Three references: two samples ({@link #between}), the windows of a longer time ({@link
 * #against}), and the window before ({@link #sincePrevious}).
 *
 * <pre>{@code
 * ProfileSeries reference = ProfileSeries.byWeek(training, "asked_at");
 * DatasetProfile now = DatasetProfile.of(today, reference.overall()); // in the same bins
 * List<Verdict> verdicts = ProfileDrift.between(reference.overall(), now);
 * }</pre>
 */
public final class ProfileDrift {

  /** Under this key {@link #bySegment} has the rows whose key is missing. */
  public static final String WITHOUT_KEY = "(missing)";

  private ProfileDrift() {}

  /**
   * Compares two samples, both random, rows independent: what differs from one week to the next by
   * nature counts as drift. NaN and infinities count as missing. Of sensitive columns, instants and
   * arrays the missing share is compared.
   *
   * <p>Numbers are compared in bins that both share: make the reference by {@link ProfileSeries}
   * and count the current data in its bins ({@link DatasetProfile#of(dev.mlops4j.data.Dataset,
   * DatasetProfile)}). Without common bins, and with more than 64 distinct numbers on a side, the
   * verdict of the column is an error.
   *
   * @param current counted in the bins of the reference
   * @return a verdict for each column of either, those of the reference first
   */
  public static List<Verdict> between(DatasetProfile reference, DatasetProfile current) {
    return between(reference, current, Judge.ALPHA);
  }

  /**
   * The same with another rate than one list in twenty.
   *
   * @param falseAlarmRate above 0, at most 0.5
   * @throws IllegalArgumentException if it is not
   */
  public static List<Verdict> between(
      DatasetProfile reference, DatasetProfile current, double falseAlarmRate) {
    Judge.checkRate(falseAlarmRate);
    return ColumnTest.verdicts(tests(reference, current), falseAlarmRate, 0);
  }

  /**
   * Compares the segments that both have. All verdicts are one family: if nothing drifted, at most
   * one map in twenty has an alert. Segments that come, go or change their share are seen in the
   * key's own column by {@link #between} of {@link SegmentedProfile#overall}; within a segment it
   * is not compared.
   *
   * <p>Rows without a key are compared too, under {@link #WITHOUT_KEY}, if both have such rows and
   * not both a key that is this text. {@link SegmentedProfile#others} are not compared: these are
   * different keys on either side.
   *
   * @param reference its numbers, as those of {@code current}, in common bins: see {@link #between}
   *     and {@link SegmentedProfile#of(dev.mlops4j.data.Dataset, String, DatasetProfile)}
   * @return by key
   * @throws dev.mlops4j.profile.ProfileException if they are by different keys
   */
  public static SortedMap<String, List<Verdict>> bySegment(
      SegmentedProfile reference, SegmentedProfile current) {
    return bySegment(reference, current, Judge.ALPHA);
  }

  /**
   * The same with another rate than one map in twenty.
   *
   * @param falseAlarmRate above 0, at most 0.5
   * @throws IllegalArgumentException if it is not
   * @throws dev.mlops4j.profile.ProfileException if they are by different keys
   */
  public static SortedMap<String, List<Verdict>> bySegment(
      SegmentedProfile reference, SegmentedProfile current, double falseAlarmRate) {
    Judge.checkRate(falseAlarmRate);
    SegmentComparison segments = SegmentComparison.of(reference, current);
    List<List<ColumnTest>> tests = columns(reference, current).map(segments::tests).toList();
    SortedMap<String, List<Verdict>> byKey = new TreeMap<>();
    // The rows without a key come last.
    segments
        .rated(tests)
        .compared(falseAlarmRate)
        .forEach(s -> byKey.putIfAbsent(s.key(), s.verdicts()));
    return byKey;
  }

  /**
   * Compares windows, taken together, with the windows of the reference, measured against how much
   * those differ from each other: as a monitor does. Takes twice as many windows of reference, and
   * at least 8; without windows in the reference, two samples are compared.
   *
   * @param windows one or more neighbours in time, as long as the reference's, their numbers
   *     counted in the reference's bins ({@link DatasetProfile#of(dev.mlops4j.data.Dataset,
   *     DatasetProfile)})
   * @return a verdict for each column with numbers or categories
   * @throws IllegalArgumentException if there is no window, or they are not neighbours of one
   *     length
   */
  public static List<Verdict> against(ProfileSeries reference, List<ProfileSeries.Window> windows) {
    return against(reference, windows, Judge.ALPHA);
  }

  /**
   * The same with another rate than one list in twenty.
   *
   * @param falseAlarmRate above 0, at most 0.5
   * @throws IllegalArgumentException if it is not, or as {@link #against(ProfileSeries, List)}
   */
  public static List<Verdict> against(
      ProfileSeries reference, List<ProfileSeries.Window> windows, double falseAlarmRate) {
    Judge.checkRate(falseAlarmRate);
    return judged(
        reference,
        windows,
        (read, periods) -> {
          PeriodCounts sum = new PeriodCounts(read.columns());
          periods.forEach(period -> sum.add(period.counts()));
          return Judge.of(read, length(windows.get(0)), falseAlarmRate)
              .verdicts(periods, sum, true);
        });
  }

  /**
   * Compares a window with the one before it: whether it changed more than one window of the
   * reference from the next. For what drifts slowly by nature, such as a temperature through the
   * year, and must not jump. Takes at least 9 windows of reference.
   *
   * @param previous the window before
   * @param current the window after it, as long
   * @return a verdict for each column with numbers or categories; the effect is the change, less
   *     the mean change of the reference
   * @throws IllegalArgumentException if they are not neighbours of one length, or the reference has
   *     no windows of that length
   */
  public static List<Verdict> sincePrevious(
      ProfileSeries reference, ProfileSeries.Window previous, ProfileSeries.Window current) {
    return sincePrevious(reference, previous, current, Judge.ALPHA);
  }

  /**
   * The same with another rate than one list in twenty.
   *
   * @param falseAlarmRate above 0, at most 0.5
   * @throws IllegalArgumentException if it is not, or as {@link #sincePrevious(ProfileSeries,
   *     ProfileSeries.Window, ProfileSeries.Window)}
   */
  public static List<Verdict> sincePrevious(
      ProfileSeries reference,
      ProfileSeries.Window previous,
      ProfileSeries.Window current,
      double falseAlarmRate) {
    Judge.checkRate(falseAlarmRate);
    return judged(
        reference,
        List.of(previous, current),
        (read, periods) -> {
          if (!length(current).equals(read.periodLength())) {
            throw new IllegalArgumentException(
                "the windows are as long as "
                    + length(current)
                    + ", those of the reference "
                    + read.periodLength());
          }
          PeriodDrift drift = PeriodDrift.ofChange(read.periods(), periods.get(0), periods.get(1));
          List<ColumnTest> tests = new ArrayList<>();
          for (int i = 0; i < read.columns().size(); i++) {
            ReferenceColumn column = read.columns().get(i);
            int position = i;
            tests.add(guarded(column, () -> drift.test(column, position)));
          }
          return ColumnTest.verdicts(tests, falseAlarmRate, 0);
        });
  }

  private static List<Verdict> judged(
      ProfileSeries reference,
      List<ProfileSeries.Window> windows,
      BiFunction<Reference, List<Period>, List<Verdict>> judge) {
    if (windows.isEmpty()) {
      throw new IllegalArgumentException("there is no window to compare");
    }
    Duration length = length(windows.get(0));
    for (int i = 1; i < windows.size(); i++) {
      ProfileSeries.Window window = windows.get(i);
      if (!window.start().equals(windows.get(i - 1).end()) || !length(window).equals(length)) {
        throw new IllegalArgumentException(
            "the window from "
                + window.start()
                + " to "
                + window.end()
                + " does not follow one of its length that ends at "
                + windows.get(i - 1).end());
      }
    }
    Reference read = readable(Reference.ofColumns(reference), windows);
    Periods numbers = Periods.of(length);
    List<Period> periods = new ArrayList<>();
    for (ProfileSeries.Window window : windows) {
      PeriodCounts counts =
          ReferenceReader.counts(window.profile(), read.columns(), read.signature());
      periods.add(new Period(numbers.numberOf(window.start()), counts));
    }
    return judge.apply(read, periods);
  }

  /** Columns that a window does not have, or has otherwise, become broken ones. */
  private static Reference readable(Reference reference, List<ProfileSeries.Window> windows) {
    List<ReferenceColumn> columns = new ArrayList<>();
    for (ReferenceColumn column : reference.columns()) {
      ReferenceColumn kept = column;
      for (ProfileSeries.Window window : windows) {
        try {
          ReferenceReader.counts(window.profile(), List.of(column), reference.signature());
        } catch (RuntimeException e) {
          kept =
              ReferenceColumn.broken(
                  column.name(),
                  column.kind(),
                  column.shape(),
                  Objects.toString(e.getMessage(), e.toString()));
        }
      }
      columns.add(kept);
    }
    return new Reference(
        reference.signature(),
        columns,
        reference.overall(),
        reference.periods(),
        reference.periodLength(),
        reference.sensitive());
  }

  private static Duration length(ProfileSeries.Window window) {
    return Duration.between(window.start(), window.end());
  }

  private static List<ColumnTest> tests(DatasetProfile reference, DatasetProfile current) {
    return names(reference, current)
        .map(
            name ->
                test(
                    name,
                    reference.contains(name) ? reference.column(name) : null,
                    current.contains(name) ? current.column(name) : null))
        .toList();
  }

  /** The columns but the key, those of the reference first. */
  static Stream<String> columns(SegmentedProfile reference, SegmentedProfile current) {
    return names(reference.others(), current.others())
        .filter(name -> !name.equals(reference.keyColumn()));
  }

  /** The columns of either, those of the reference first. */
  static Stream<String> names(DatasetProfile reference, DatasetProfile current) {
    return Stream.concat(reference.columns().stream(), current.columns().stream())
        .map(ColumnProfile::name)
        .distinct();
  }

  /** Compares a column that at least one side has. */
  static ColumnTest test(
      String name, @Nullable ColumnProfile reference, @Nullable ColumnProfile current) {
    if (reference == null) {
      return failed(name, "the reference profile has no such column");
    }
    if (current == null) {
      return failed(name, "the current profile has no such column");
    }
    return guarded(column(name, Shape.NUMBERS, List.of()), () -> test(reference, current));
  }

  /** What goes wrong in one column is the verdict of that column. */
  static ColumnTest guarded(ReferenceColumn column, Supplier<ColumnTest> test) {
    try {
      return test.get();
    } catch (RuntimeException e) {
      return ColumnTest.failed(column, "it could not be judged: " + e);
    }
  }

  private static ColumnTest test(ColumnProfile from, ColumnProfile to) {
    if (from.type() != to.type() || from.sensitive() != to.sensitive()) {
      return failed(from.name(), "it is " + to + ", the reference has " + from);
    }
    if (from.categories().isPresent() && to.categories().isPresent()) {
      return ofCategories(from, to);
    }
    NumericSummary first = from.numbers().orElse(null);
    NumericSummary second = to.numbers().orElse(null);
    if (first == null || second == null) {
      return SampleDrift.test(
          column(from.name(), Shape.NUMBERS, List.of()),
          counts(from.count(), from.missing(), 0),
          counts(to.count(), to.missing(), 0));
    }
    if (first.finite() == 0 || second.finite() == 0) {
      return SampleDrift.test(
          column(from.name(), Shape.NUMBERS, List.of()),
          counts(from.count(), from.count() - first.finite(), 0),
          counts(to.count(), to.count() - second.finite(), 0));
    }
    NumericPair pair = NumericPair.of(first, second);
    if (!pair.exact() && !haveCommonBins(first, second)) {
      return failed(
          from.name(),
          "it is not counted in the same bins as the reference; make the reference by"
              + " ProfileSeries and count the current data in the reference's bins,"
              + " DatasetProfile.of(current, reference)");
    }
    ColumnCounts reference = counts(from.count(), from.count() - pair.referenceSize(), pair.size());
    ColumnCounts current = counts(to.count(), to.count() - pair.currentSize(), pair.size());
    for (int i = 0; i < pair.size(); i++) {
      reference.counts[i] = pair.referenceCount(i);
      current.counts[i] = pair.currentCount(i);
    }
    return SampleDrift.test(
        column(from.name(), Shape.NUMBERS, List.of()), reference, current, pair.exact());
  }

  private static boolean haveCommonBins(NumericSummary first, NumericSummary second) {
    return first.histogram().isPresent()
        && first.histogram().map(Histogram::edges).equals(second.histogram().map(Histogram::edges));
  }

  private static ColumnTest ofCategories(ColumnProfile from, ColumnProfile to) {
    if (from.missing() == from.count() || to.missing() == to.count()) {
      return SampleDrift.test(
          column(from.name(), Shape.CATEGORIES, List.of()),
          counts(from.count(), from.missing(), 0),
          counts(to.count(), to.missing(), 0));
    }
    CategorySummary first = from.categories().orElseThrow();
    CategorySummary second = to.categories().orElseThrow();
    CategoryPair pair = CategoryPair.of(first, second);
    ColumnCounts reference = counts(from.count(), from.missing(), pair.size());
    ColumnCounts current = counts(to.count(), to.missing(), pair.size());
    for (int i = 0; i < pair.size(); i++) {
      reference.counts[i] = pair.referenceCount(i);
      current.counts[i] = pair.currentCount(i);
    }
    ReferenceColumn column =
        ReferenceColumn.categories(
            from.name(),
            AlertKind.FEATURE_DRIFT,
            OtherParts.names(pair),
            OtherParts.of(pair, first, second));
    return SampleDrift.test(column, reference, current);
  }

  private static ColumnCounts counts(long rows, long missing, int size) {
    ColumnCounts counts = new ColumnCounts(size);
    counts.rows = rows;
    counts.missing = missing;
    return counts;
  }

  private static ReferenceColumn column(String name, Shape shape, List<String> categories) {
    return new ReferenceColumn(
        name, AlertKind.FEATURE_DRIFT, shape, null, categories, List.of(), null);
  }

  static ColumnTest failed(String name, String why) {
    return ColumnTest.failed(
        ReferenceColumn.broken(name, AlertKind.FEATURE_DRIFT, Shape.NUMBERS, why), why);
  }
}
