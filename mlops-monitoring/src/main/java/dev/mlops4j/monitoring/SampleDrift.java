package dev.mlops4j.monitoring;

import dev.mlops4j.monitoring.ColumnTest.AspectTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.special.Erf;
import org.jspecify.annotations.Nullable;

/**
 * Compares a window with a reference that has no time in it: two samples, both random, rows
 * independent. Numbers by the Kolmogorov-Smirnov test, categories and shares by the chi-square
 * test, missing values by Fisher's exact or the chi-square test, predicted against actual by the
 * normal approximation on the arcsine scale.
 */
final class SampleDrift {

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
    ColumnCounts from = reference.columns[position];
    ColumnCounts to = window.columns[position];
    List<AspectTest> aspects = new ArrayList<>();
    boolean enough = from.present() >= PeriodDrift.MIN_ROWS && to.present() >= PeriodDrift.MIN_ROWS;
    switch (column.shape()) {
      case NUMBERS -> {
        if (enough) {
          add(aspects, Aspect.DISTRIBUTION, null, distance(from, to), ks(from, to));
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
          double p = ContingencyTable.chiSquareOfFrequent(from.counts, to.counts);
          add(
              aspects,
              Aspect.SHARE,
              null,
              effect(from.counts[1], from.rows, to.counts[1], to.rows),
              p);
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

  private static void addShares(
      List<AspectTest> aspects, ReferenceColumn column, ColumnCounts from, ColumnCounts to) {
    int k = from.counts.length;
    long[] first = Arrays.copyOf(from.counts, k + 1);
    long[] second = Arrays.copyOf(to.counts, k + 1);
    first[k] = from.unseen;
    second[k] = to.unseen;
    int lead = 0;
    double largest = 0;
    for (int i = 0; i <= k; i++) {
      double h = effect(first[i], from.present(), second[i], to.present());
      if (Math.abs(h) > Math.abs(largest)) {
        largest = h;
        lead = i;
      }
    }
    String category = lead == k ? "(unseen)" : column.categoryAt(lead);
    double p = ContingencyTable.chiSquareOfFrequent(first, second);
    add(aspects, Aspect.SHARES, category, largest, p);
  }

  private static void addMissing(List<AspectTest> aspects, ColumnCounts from, ColumnCounts to) {
    if (from.missing + to.missing > 0
        && from.rows >= PeriodDrift.MIN_ROWS
        && to.rows >= PeriodDrift.MIN_ROWS) {
      double p = ContingencyTable.twoByTwo(from.missing, from.present(), to.missing, to.present());
      add(aspects, Aspect.MISSING, null, effect(from.missing, from.rows, to.missing, to.rows), p);
    }
  }

  private static void add(
      List<AspectTest> aspects, Aspect aspect, @Nullable String category, double effect, double p) {
    double floored = Math.abs(effect) < aspect.floor() ? 1 : p;
    aspects.add(new AspectTest(aspect, category, effect, floored, 0));
  }

  private static double distance(ColumnCounts from, ColumnCounts to) {
    return Kolmogorov.distance(from.counts, to.counts);
  }

  private static double ks(ColumnCounts from, ColumnCounts to) {
    double n1 = from.present();
    double n2 = to.present();
    return Kolmogorov.survival(distance(from, to) * Math.sqrt(n1 * n2 / (n1 + n2)));
  }

  private static double effect(long k1, long n1, long k2, long n2) {
    return Shares.cohensH((double) k1 / n1, (double) k2 / n2);
  }

  private static double gap(ColumnCounts counts) {
    return Shares.cohensH((double) counts.counts[1] / counts.rows, counts.predicted / counts.rows);
  }
}
