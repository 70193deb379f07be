package dev.mlops4j.monitoring;

import static dev.mlops4j.monitoring.DriftStatistic.CHI_SQUARE_P;
import static dev.mlops4j.monitoring.DriftStatistic.JENSEN_SHANNON;
import static dev.mlops4j.monitoring.DriftStatistic.KOLMOGOROV_SMIRNOV;
import static dev.mlops4j.monitoring.DriftStatistic.KOLMOGOROV_SMIRNOV_P;
import static dev.mlops4j.monitoring.DriftStatistic.MEAN_DIFFERENCE;
import static dev.mlops4j.monitoring.DriftStatistic.POPULATION_STABILITY_INDEX;
import static dev.mlops4j.monitoring.DriftStatistic.TOTAL_VARIATION;
import static dev.mlops4j.monitoring.DriftStatistic.WASSERSTEIN;
import static dev.mlops4j.monitoring.DriftStatistic.WASSERSTEIN_IN_DEVIATIONS;

import dev.mlops4j.data.Column;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DoubleColumn;
import dev.mlops4j.data.LongColumn;
import dev.mlops4j.monitoring.statistics.CategoryPair;
import dev.mlops4j.monitoring.statistics.ChiSquare;
import dev.mlops4j.monitoring.statistics.JensenShannon;
import dev.mlops4j.monitoring.statistics.KolmogorovSmirnov;
import dev.mlops4j.monitoring.statistics.NumericPair;
import dev.mlops4j.monitoring.statistics.PopulationStabilityIndex;
import dev.mlops4j.monitoring.statistics.TestResult;
import dev.mlops4j.monitoring.statistics.TotalVariation;
import dev.mlops4j.monitoring.statistics.Wasserstein;
import dev.mlops4j.profile.ColumnProfile;
import dev.mlops4j.profile.DatasetProfile;
import dev.mlops4j.profile.NumericSummary;
import dev.mlops4j.profile.ProfileSeries;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One column of two samples, before the verdict, for which all columns are needed.
 *
 * @param test what the tests gave
 * @param reference the column in the reference, or null
 * @param current the column in the current sample, or null
 * @param statistics how far both are apart
 */
record ColumnComparison(
    ColumnTest test,
    @Nullable ColumnProfile reference,
    @Nullable ColumnProfile current,
    Map<DriftStatistic, Double> statistics) {

  private static final int TENTHS = 10;

  /** What one side marks as sensitive is shown of neither. */
  ColumnComparison {
    if (isSensitive(reference) || isSensitive(current)) {
      reference = reference == null ? null : reference.withoutValues();
      current = current == null ? null : current.withoutValues();
      statistics = Map.of();
    }
  }

  private static boolean isSensitive(@Nullable ColumnProfile column) {
    return column != null && column.sensitive();
  }

  /** Of rows: the statistics are those of the numbers themselves. */
  static ColumnComparison of(String name, Dataset reference, Dataset current) {
    return of(name, reference, current, profile(name, reference));
  }

  /** The column with the bins that numbers of both samples are counted in; null without it. */
  static @Nullable DatasetProfile profile(String name, Dataset reference) {
    return reference.schema().contains(name)
        ? ProfileSeries.of(reference.columns(name)).overall()
        : null;
  }

  /** The same of a column of the reference that is profiled already. */
  static ColumnComparison of(
      String name, Dataset reference, Dataset current, @Nullable DatasetProfile first) {
    ColumnProfile from = first == null ? null : first.column(name);
    ColumnProfile to = null;
    if (current.schema().contains(name)) {
      Dataset column = current.columns(name);
      DatasetProfile profile =
          first == null ? DatasetProfile.of(column) : DatasetProfile.of(column, first);
      to = profile.column(name);
    }
    ColumnTest test = ProfileDrift.test(name, from, to);
    if (from == null || to == null || test.failed() || from.sensitive() || to.sensitive()) {
      return new ColumnComparison(test, from, to, Map.of());
    }
    Optional<NumericPair> numbers = numbers(reference.column(name), current.column(name));
    return new ColumnComparison(
        test, from, to, numbers.map(ColumnComparison::ofNumbers).orElseGet(ofOthers(from, to)));
  }

  /** Of profiles: the statistics are as exact as these are. */
  static ColumnComparison of(String name, DatasetProfile reference, DatasetProfile current) {
    ColumnProfile from = reference.contains(name) ? reference.column(name) : null;
    ColumnProfile to = current.contains(name) ? current.column(name) : null;
    ColumnTest test = ProfileDrift.test(name, from, to);
    if (from == null || to == null || test.failed()) {
      return new ColumnComparison(test, from, to, Map.of());
    }
    NumericSummary first = from.numbers().orElse(null);
    NumericSummary second = to.numbers().orElse(null);
    Map<DriftStatistic, Double> statistics =
        from.categories().isEmpty()
                && first != null
                && second != null
                && first.finite() > 0
                && second.finite() > 0
            ? ofNumbers(NumericPair.of(first, second))
            : ofOthers(from, to).get();
    return new ColumnComparison(test, from, to, statistics);
  }

  private static Map<DriftStatistic, Double> ofNumbers(NumericPair pair) {
    Map<DriftStatistic, Double> statistics = new EnumMap<>(DriftStatistic.class);
    TestResult test = KolmogorovSmirnov.of(pair);
    statistics.put(KOLMOGOROV_SMIRNOV, test.statistic());
    statistics.put(KOLMOGOROV_SMIRNOV_P, test.p());
    if (pair.exact()) {
      statistics.put(WASSERSTEIN, Wasserstein.distance(pair));
      statistics.put(WASSERSTEIN_IN_DEVIATIONS, Wasserstein.inDeviations(pair));
      statistics.put(MEAN_DIFFERENCE, meanDifference(pair));
    }
    double[] tenths = tenths(pair);
    if (tenths.length > 0) {
      statistics.put(POPULATION_STABILITY_INDEX, PopulationStabilityIndex.of(pair.inBins(tenths)));
    }
    statistics.values().removeIf(value -> !Double.isFinite(value));
    return statistics;
  }

  private static Supplier<Map<DriftStatistic, Double>> ofOthers(
      ColumnProfile from, ColumnProfile to) {
    return () -> {
      Map<DriftStatistic, Double> statistics = new EnumMap<>(DriftStatistic.class);
      if (from.categories().isEmpty()
          || to.categories().isEmpty()
          || from.missing() == from.count()
          || to.missing() == to.count()) {
        return statistics;
      }
      CategoryPair pair = CategoryPair.of(from.categories().get(), to.categories().get());
      statistics.put(JENSEN_SHANNON, JensenShannon.distanceInBits(pair));
      statistics.put(TOTAL_VARIATION, TotalVariation.distance(pair));
      statistics.put(POPULATION_STABILITY_INDEX, PopulationStabilityIndex.of(pair));
      statistics.put(CHI_SQUARE_P, ChiSquare.of(pair).p());
      return statistics;
    };
  }

  /** Where the tenths of the reference begin, each once. */
  private static double[] tenths(NumericPair pair) {
    double[] tenths = new double[TENTHS - 1];
    int found = 0;
    long below = 0;
    for (int i = 0; i < pair.size() && found < tenths.length; i++) {
      long upTo = below + pair.referenceCount(i);
      while (found < tenths.length && upTo * TENTHS > (found + 1L) * pair.referenceSize()) {
        tenths[found++] = pair.value(i);
      }
      below = upTo;
    }
    return Arrays.stream(tenths, 0, found).distinct().toArray();
  }

  private static double meanDifference(NumericPair pair) {
    double difference = 0;
    for (int i = 0; i < pair.size(); i++) {
      difference +=
          pair.value(i)
              * ((double) pair.currentCount(i) / pair.currentSize()
                  - (double) pair.referenceCount(i) / pair.referenceSize());
    }
    return difference;
  }

  private static Optional<NumericPair> numbers(Column reference, Column current) {
    double[] first = finite(reference);
    double[] second = finite(current);
    return first.length == 0 || second.length == 0
        ? Optional.empty()
        : Optional.of(NumericPair.of(first, second));
  }

  private static double[] finite(Column column) {
    double[] finite = new double[column.size()];
    int count = 0;
    if (column instanceof DoubleColumn doubles) {
      for (int row = 0; row < finite.length; row++) {
        double value = doubles.doubleAt(row);
        if (Double.isFinite(value)) {
          finite[count++] = value;
        }
      }
    } else if (column instanceof LongColumn longs) {
      for (int row = 0; row < finite.length; row++) {
        if (!longs.isMissing(row)) {
          finite[count++] = longs.longAt(row);
        }
      }
    }
    return Arrays.copyOf(finite, count);
  }
}
