package dev.mlops4j.monitoring;

import dev.mlops4j.monitoring.ColumnTest.AspectTest;
import dev.mlops4j.monitoring.statistics.CategoryPair;
import dev.mlops4j.monitoring.statistics.ChiSquare;
import dev.mlops4j.monitoring.statistics.KolmogorovSmirnov;
import dev.mlops4j.monitoring.statistics.MissingRate;
import dev.mlops4j.monitoring.statistics.NumericPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.special.Erf;
import org.jspecify.annotations.Nullable;

/**
 * Compares a window with a reference that has no time in it: two samples, both random, rows
 * independent. Numbers by the Kolmogorov-Smirnov test (given the ties where there are few distinct
 * ones; two distinct ones as a share), categories and shares by the chi-square test, missing values
 * by Fisher's exact or the chi-square test, predicted against actual by the normal approximation on
 * the arcsine scale.
 */
final class SampleDrift {

  /**
   * What an aspect counts beside that of missing values: most columns have none, or always as many,
   * so these take little of what the other can find.
   */
  private static final double WEIGHT = 4;

  private final PeriodCounts reference;
  private final PeriodCounts window;

  SampleDrift(PeriodCounts reference, PeriodCounts window) {
    this.reference = reference;
    this.window = window;
  }

  /** Compares the column at this position. */
  ColumnTest test(ReferenceColumn column, int position) {
    if (column.problem() != null) {
      return ColumnTest.failed(column, column.problem());
    }
    return test(column, reference.columns[position], window.columns[position]);
  }

  /** Compares counts of one column; of numbers in any common bins, none if there are none. */
  static ColumnTest test(ReferenceColumn column, ColumnCounts from, ColumnCounts to) {
    return test(column, from, to, false);
  }

  /**
   * Compares counts of one column.
   *
   * @param values whether numbers are counted each by itself, not in bins that were made from the
   *     reference: only then are ties the same for both samples
   */
  static ColumnTest test(
      ReferenceColumn column, ColumnCounts from, ColumnCounts to, boolean values) {
    List<AspectTest> aspects = new ArrayList<>();
    boolean enough = from.present() >= PeriodDrift.MIN_ROWS && to.present() >= PeriodDrift.MIN_ROWS;
    switch (column.shape()) {
      case NUMBERS -> {
        if (enough && from.counts.length > 0) {
          NumericPair pair = pair(from, to);
          double distance = KolmogorovSmirnov.distance(pair);
          boolean matters = distance >= Aspect.DISTRIBUTION.floor();
          add(aspects, Aspect.DISTRIBUTION, null, distance, matters ? p(pair, values) : 1);
        }
        addMissing(aspects, from, to);
      }
      case CATEGORIES -> {
        if (enough) {
          addShares(aspects, column, from, to);
        }
        addMissing(aspects, from, to);
      }
      case SHARE -> {
        if (enough) {
          MissingRate change = MissingRate.of(from.counts[1], from.rows, to.counts[1], to.rows);
          add(aspects, Aspect.SHARE, null, change.effect(), change.p());
        }
      }
      case GAP -> {
        if (enough) {
          double effect = gap(to) - gap(from);
          double z = effect / Math.sqrt(1.0 / from.rows + 1.0 / to.rows);
          double p = Erf.erfc(Math.abs(z) / Math.sqrt(2));
          add(aspects, Aspect.PREDICTED_AGAINST_ACTUAL, null, effect, p);
        }
      }
    }
    String why = "fewer than " + PeriodDrift.MIN_ROWS + " rows that count";
    return new ColumnTest(column, aspects, from.present(), to.present(), why, false);
  }

  private static double p(NumericPair pair, boolean values) {
    long n = pair.referenceSize();
    long m = pair.currentSize();
    if (values && pair.size() == 2) {
      return MissingRate.of(pair.referenceCount(0), n, pair.currentCount(0), m).p();
    }
    return values && (double) n * m <= KolmogorovSmirnov.EXACT_UP_TO
        ? KolmogorovSmirnov.conditional(pair).p()
        : KolmogorovSmirnov.of(pair).p();
  }

  /**
   * What the reference lacks was counted together because the reference lacks it, so it is more
   * frequent now by the way it was chosen: it is only compared together with the rare categories.
   */
  private static void addShares(
      List<AspectTest> aspects, ReferenceColumn column, ColumnCounts from, ColumnCounts to) {
    int k = from.counts.length;
    List<String> names =
        new ArrayList<>(IntStream.range(0, k).mapToObj(column::categoryAt).toList());
    names.add(CategoryPair.RARE);
    long[] first = Arrays.copyOf(from.counts, k + 1);
    long[] second = Arrays.copyOf(to.counts, k + 1);
    first[k] = from.unseen;
    second[k] = to.unseen;
    CategoryPair pair =
        CategoryPair.of(names, first, second).withRareTogether(ChiSquare.MIN_EXPECTED, k);
    int lead = 0;
    double largest = 0;
    for (int i = 0; i < pair.size(); i++) {
      double h = Shares.cohensH(pair.referenceShare(i), pair.currentShare(i));
      if (Math.abs(h) > Math.abs(largest)) {
        largest = h;
        lead = i;
      }
    }
    String category = pair.name(lead);
    if (category.equals(CategoryPair.RARE) && to.unseen > 0) {
      category = pair.referenceCount(lead) == 0 ? "(unseen)" : "(rare or unseen)";
    }
    double p = ChiSquare.ofFrequent(pair).p();
    add(aspects, Aspect.SHARES, category, largest, p);
  }

  private static void addMissing(List<AspectTest> aspects, ColumnCounts from, ColumnCounts to) {
    // Where nothing else can be tested, that none is missing on either side is a result too.
    if ((aspects.isEmpty() || from.missing + to.missing > 0)
        && from.rows >= PeriodDrift.MIN_ROWS
        && to.rows >= PeriodDrift.MIN_ROWS) {
      MissingRate change = MissingRate.of(from.missing, from.rows, to.missing, to.rows);
      add(aspects, Aspect.MISSING, null, change.effect(), change.p());
    }
  }

  private static void add(
      List<AspectTest> aspects, Aspect aspect, @Nullable String category, double effect, double p) {
    double floored = Math.abs(effect) < aspect.floor() ? 1 : p;
    double weight = aspect == Aspect.MISSING ? 1 : WEIGHT;
    aspects.add(new AspectTest(aspect, category, effect, floored, 0, weight));
  }

  /** Bins are in ascending order, and which numbers are in them does not matter here. */
  private static NumericPair pair(ColumnCounts from, ColumnCounts to) {
    double[] bins = IntStream.range(0, from.counts.length).asDoubleStream().toArray();
    return NumericPair.ofCounts(bins, from.counts, to.counts);
  }

  private static double gap(ColumnCounts counts) {
    return Shares.cohensH((double) counts.counts[1] / counts.rows, counts.predicted / counts.rows);
  }
}
