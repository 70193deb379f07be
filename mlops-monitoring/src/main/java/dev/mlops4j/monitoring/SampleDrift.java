package dev.mlops4j.monitoring;

import dev.mlops4j.monitoring.ColumnTest.AspectTest;
import dev.mlops4j.monitoring.ReferenceColumn.Shape;
import dev.mlops4j.monitoring.statistics.BoschlooExact;
import dev.mlops4j.monitoring.statistics.CategoryPair;
import dev.mlops4j.monitoring.statistics.ChiSquare;
import dev.mlops4j.monitoring.statistics.FisherExact;
import dev.mlops4j.monitoring.statistics.KolmogorovSmirnov;
import dev.mlops4j.monitoring.statistics.MissingRate;
import dev.mlops4j.monitoring.statistics.NumericPair;
import dev.mlops4j.monitoring.statistics.ShareTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.commons.math3.special.Erf;
import org.jspecify.annotations.Nullable;

/**
 * Compares a window with a reference that has no time in it: two samples, both random, rows
 * independent. Numbers by the Kolmogorov-Smirnov test (of profiles given the ties where there are
 * few distinct ones; two distinct ones as a share), categories by the chi-square test, two
 * categories, shares and missing values by Boschloo's exact test (of more than {@link
 * KolmogorovSmirnov#EXACT_UP_TO} pairs of rows as {@link MissingRate} does, by Fisher's or the
 * z-test), predicted against actual by the normal approximation on the arcsine scale.
 */
final class SampleDrift {

  /**
   * What an aspect counts beside that of missing values: most columns have none, or always as many,
   * so these take little of what the other can find. Not in a monitor's categories, of which one
   * never seen before counts as missing.
   */
  private static final double WEIGHT = 9;

  private static final double WEIGHT_OF_MISSING = 1;

  /** Far below what is left of any rate to one of a million columns. */
  private static final double CLEAR = 1e-9;

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
    double missing = column.shape() == Shape.CATEGORIES ? WEIGHT : WEIGHT_OF_MISSING;
    return test(column, reference.columns[position], window.columns[position], false, missing);
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
    return test(column, from, to, values, WEIGHT_OF_MISSING);
  }

  private static ColumnTest test(
      ReferenceColumn column,
      ColumnCounts from,
      ColumnCounts to,
      boolean values,
      double weightOfMissing) {
    List<AspectTest> aspects = new ArrayList<>();
    boolean enough = from.present() >= PeriodDrift.MIN_ROWS && to.present() >= PeriodDrift.MIN_ROWS;
    switch (column.shape()) {
      case NUMBERS -> {
        if (enough && from.counts.length > 0) {
          NumericPair pair = pair(from, to);
          double distance = KolmogorovSmirnov.distance(pair);
          add(aspects, Aspect.DISTRIBUTION, null, distance, () -> tested(pair, values), WEIGHT);
        }
        addMissing(aspects, from, to, weightOfMissing);
      }
      case CATEGORIES -> {
        if (enough) {
          addShares(aspects, column, from, to);
        }
        addMissing(aspects, from, to, weightOfMissing);
      }
      case MISSING -> addMissing(aspects, from, to, weightOfMissing);
      case SHARE -> {
        if (enough) {
          MissingRate change = MissingRate.of(from.counts[1], from.rows, to.counts[1], to.rows);
          add(
              aspects,
              Aspect.SHARE,
              null,
              change.effect(),
              () -> shares(from.counts[1], from.rows, to.counts[1], to.rows),
              WEIGHT);
        }
      }
      case GAP -> {
        if (enough) {
          double effect = to.gap() - from.gap();
          double z = effect / Math.sqrt(1.0 / from.rows + 1.0 / to.rows);
          add(
              aspects,
              Aspect.PREDICTED_AGAINST_ACTUAL,
              null,
              effect,
              () -> new Tested("z of the arcsine scale", Erf.erfc(Math.abs(z) / Math.sqrt(2))),
              WEIGHT);
        }
      }
    }
    String why = "fewer than " + PeriodDrift.MIN_ROWS + " rows that count";
    return new ColumnTest(column, aspects, from.present(), to.present(), why, false);
  }

  /**
   * A p-value.
   *
   * @param test which test gave it, for people
   */
  private record Tested(String test, double p) {}

  private static Tested tested(NumericPair pair, boolean values) {
    long n = pair.referenceSize();
    long m = pair.currentSize();
    if (values && pair.size() == 2) {
      return shares(pair.referenceCount(0), n, pair.currentCount(0), m);
    }
    return values && isSmall(n, m)
        ? new Tested("Kolmogorov-Smirnov, given the ties", KolmogorovSmirnov.conditional(pair).p())
        : new Tested("Kolmogorov-Smirnov", KolmogorovSmirnov.of(pair).p());
  }

  /**
   * The z-test alone is above its rate in small samples: 6.5 % instead of 5 for 33 rows against as
   * many and a share of one half. Fisher's exact test is as far below it.
   */
  private static Tested shares(long yes1, long n, long yes2, long m) {
    boolean small = isSmall(n, m);
    if (!small && ShareTest.isClose(yes1, n, yes2, m)) {
      return new Tested("z", ShareTest.of(yes1, n, yes2, m).p());
    }
    // Where this one is clear already, Boschloo's would be, too, and takes time by the product of
    // the sizes.
    double fisher = FisherExact.of(yes1, n - yes1, yes2, m - yes2);
    return small && fisher >= CLEAR
        ? new Tested("Boschloo", BoschlooExact.of(yes1, n - yes1, yes2, m - yes2))
        : new Tested("Fisher", fisher);
  }

  private static boolean isSmall(long n, long m) {
    return (double) n * m <= KolmogorovSmirnov.EXACT_UP_TO;
  }

  private static Tested tested(CategoryPair pair) {
    int[] present =
        IntStream.range(0, pair.size())
            .filter(i -> pair.referenceCount(i) + pair.currentCount(i) > 0)
            .toArray();
    if (present.length == 2) {
      int one = present[0];
      return shares(
          pair.referenceCount(one),
          pair.referenceSize(),
          pair.currentCount(one),
          pair.currentSize());
    }
    return new Tested("chi-square", ChiSquare.ofFrequent(pair).p());
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
    if (column.others().size() > 1) {
      // Where all of the others become more or less, no part of them may by enough.
      double h =
          Shares.cohensH(share(from, column.others().size()), share(to, column.others().size()));
      if (Math.abs(h) > Math.abs(largest)) {
        largest = h;
        category = CategoryPair.OTHERS;
      }
    }
    add(aspects, Aspect.SHARES, category, largest, () -> tested(pair), WEIGHT);
  }

  /** The share of the last so many categories. */
  private static double share(ColumnCounts counts, int last) {
    int k = counts.counts.length;
    return (double) Arrays.stream(counts.counts, k - last, k).sum() / counts.present();
  }

  private static void addMissing(
      List<AspectTest> aspects, ColumnCounts from, ColumnCounts to, double weight) {
    // Where nothing else can be tested, that none is missing on either side is a result too.
    if ((aspects.isEmpty() || from.missing + to.missing > 0)
        && from.rows >= PeriodDrift.MIN_ROWS
        && to.rows >= PeriodDrift.MIN_ROWS) {
      MissingRate change = MissingRate.of(from.missing, from.rows, to.missing, to.rows);
      add(
          aspects,
          Aspect.MISSING,
          null,
          change.effect(),
          () -> shares(from.missing, from.rows, to.missing, to.rows),
          weight);
    }
  }

  private static void add(
      List<AspectTest> aspects,
      Aspect aspect,
      @Nullable String category,
      double effect,
      Supplier<Tested> tested,
      double weight) {
    boolean matters = Math.abs(effect) >= aspect.floor();
    Tested found = matters ? tested.get() : new Tested("", 1);
    aspects.add(
        new AspectTest(
            aspect, category, effect, matters ? found.test() : null, found.p(), 0, weight));
  }

  /** Bins are in ascending order, and which numbers are in them does not matter here. */
  private static NumericPair pair(ColumnCounts from, ColumnCounts to) {
    double[] bins = IntStream.range(0, from.counts.length).asDoubleStream().toArray();
    return NumericPair.ofCounts(bins, from.counts, to.counts);
  }
}
