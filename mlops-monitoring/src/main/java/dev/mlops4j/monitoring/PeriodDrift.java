package dev.mlops4j.monitoring;

import dev.mlops4j.monitoring.ColumnTest.AspectTest;
import dev.mlops4j.monitoring.ReferenceColumn.Shape;
import dev.mlops4j.monitoring.statistics.CategoryPair;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Compares the periods of a window with those of a reference, column by column: each aspect is one
 * number per period, see {@link Aspect}, tested by {@link PeriodTest}.
 *
 * <p>A period with fewer than {@link #MIN_ROWS} values has no number and is left out. With fewer
 * than half of the window's periods left the aspect cannot be told. Nor can it with fewer than
 * {@link #MIN_REFERENCE_PERIODS} periods of reference, or fewer than twice those of the window.
 */
final class PeriodDrift {

  static final int MIN_ROWS = 30;
  static final int MIN_REFERENCE_PERIODS = 8;

  /** Categories with a smaller share of the reference are compared together. */
  private static final double RARE = 0.01;

  private final List<Period> reference;
  private final List<Period> window;
  private final boolean changes;

  PeriodDrift(List<Period> reference, List<Period> window) {
    this(reference, window, false);
  }

  private PeriodDrift(List<Period> reference, List<Period> window, boolean changes) {
    this.reference = reference;
    this.window = window;
    this.changes = changes;
  }

  /**
   * Compares a period with the one before it: the change of each number is tested against those
   * from one period of the reference to the next, so that what moves slowly stays quiet however far
   * it has come.
   */
  static PeriodDrift ofChange(List<Period> reference, Period previous, Period current) {
    return new PeriodDrift(reference, List.of(previous, current), true);
  }

  static int neededPeriods(int windowPeriods) {
    return Math.max(MIN_REFERENCE_PERIODS, 2 * windowPeriods);
  }

  /** Compares the column at this position. */
  ColumnTest test(ReferenceColumn column, int position) {
    if (column.problem() != null) {
      return ColumnTest.failed(column, column.problem());
    }
    ColumnCounts pooled = pooled(column, position, reference);
    ColumnCounts current = pooled(column, position, window);
    List<AspectTest> aspects =
        reference.size() < neededPeriods(window.size())
            ? List.of()
            : aspects(column, position, pooled, current);
    String why =
        reference.size() < neededPeriods(window.size())
            ? "the reference has "
                + reference.size()
                + " periods, this takes "
                + neededPeriods(window.size())
            : "too many periods have fewer than " + MIN_ROWS + " rows that count";
    long windowRows =
        changes ? window.get(1).counts().columns[position].present() : current.present();
    long referenceRows =
        changes ? window.get(0).counts().columns[position].present() : pooled.present();
    return new ColumnTest(column, aspects, referenceRows, windowRows, why, false, changes);
  }

  private List<AspectTest> aspects(
      ReferenceColumn column, int position, ColumnCounts pooled, ColumnCounts current) {
    List<AspectTest> aspects = new ArrayList<>();
    switch (column.shape()) {
      case NUMBERS -> numbers(aspects, position, pooled);
      case CATEGORIES -> categories(aspects, column, position, pooled, current);
      case MISSING -> {
        // As of any other column, below.
      }
      case SHARE ->
          add(
              aspects,
              Aspect.SHARE,
              position,
              c -> share((double) c.counts[1], c.rows),
              c -> 1.0 / c.rows);
      case GAP ->
          add(
              aspects,
              Aspect.PREDICTED_AGAINST_ACTUAL,
              position,
              c -> enough(c.rows, c.gap()),
              c -> 1.0 / c.rows);
    }
    boolean outcome = column.shape() == Shape.SHARE || column.shape() == Shape.GAP;
    // Where nothing else can be tested, that none is missing on either side is a result too.
    boolean alone = column.shape() == Shape.MISSING;
    if (alone || (!outcome && pooled.missing + current.missing > 0)) {
      add(
          aspects,
          Aspect.MISSING,
          position,
          c -> share((double) c.missing, c.rows),
          c -> 1.0 / c.rows);
    }
    return aspects;
  }

  private void numbers(List<AspectTest> aspects, int position, ColumnCounts pooled) {
    double[] scores = scores(pooled.counts);
    add(
        aspects,
        Aspect.POSITION,
        position,
        c -> enough(c.present(), mean(c, scores)),
        c -> 1 / (12.0 * c.present()));
    int filled = 0;
    double[] spreads = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      filled += pooled.counts[i] > 0 ? 1 : 0;
      spreads[i] = (2 * scores[i] - 1) * (2 * scores[i] - 1);
    }
    if (filled > 2) {
      add(
          aspects,
          Aspect.SPREAD,
          position,
          c -> enough(c.present(), mean(c, spreads)),
          c -> 4 / (45.0 * c.present()));
    }
  }

  private void categories(
      List<AspectTest> aspects,
      ReferenceColumn column,
      int position,
      ColumnCounts pooled,
      ColumnCounts current) {
    List<AspectTest> shares = new ArrayList<>();
    List<Integer> rare = new ArrayList<>();
    int named = column.categories().size();
    boolean together =
        column.others().size() > 1 && others(pooled, named) >= RARE * pooled.present();
    if (together && others(pooled, named) > 0) {
      // Where all of the others become more or less, no part of them may by enough.
      addShare(shares, CategoryPair.OTHERS, position, c -> others(c, named));
    }
    for (int i = 0; i < pooled.counts.length; i++) {
      int category = i;
      if (pooled.counts[i] >= RARE * pooled.present() && pooled.counts[i] > 0) {
        addShare(shares, column.categoryAt(i), position, c -> c.counts[category]);
      } else if (pooled.counts[i] > 0 && !(together && i >= named)) {
        rare.add(i);
      }
    }
    if (!rare.isEmpty()) {
      addShare(shares, "(rare)", position, c -> rare.stream().mapToDouble(i -> c.counts[i]).sum());
    }
    if (!shares.isEmpty()) {
      AspectTest lead = new ColumnTest(column, shares, 0, 0, "", false).lead();
      double p = ManyTests.simes(shares.stream().mapToDouble(AspectTest::p).toArray());
      aspects.add(new AspectTest(Aspect.SHARES, lead.category(), lead.effect(), p, lead.rho()));
    }
    if (unseen(current, pooled) > 0) {
      add(
          aspects,
          Aspect.UNSEEN,
          position,
          c -> share((double) unseen(c, pooled), c.present()),
          c -> 1.0 / c.present());
    }
  }

  private static long others(ColumnCounts counts, int named) {
    return Arrays.stream(counts.counts, named, counts.counts.length).sum();
  }

  /** Rows whose category the reference does not have, or has not in the periods that count. */
  private static long unseen(ColumnCounts counts, ColumnCounts pooled) {
    long unseen = counts.unseen;
    for (int i = 0; i < pooled.counts.length; i++) {
      unseen += pooled.counts[i] == 0 ? counts.counts[i] : 0;
    }
    return unseen;
  }

  private void addShare(
      List<AspectTest> shares,
      String category,
      int position,
      ToDoubleFunction<ColumnCounts> count) {
    PeriodTest test =
        test(position, c -> share(count.applyAsDouble(c), c.present()), c -> 1.0 / c.present());
    if (test != null) {
      double p = AspectTest.floored(Aspect.SHARES, test);
      shares.add(new AspectTest(Aspect.SHARES, category, test.effect(), p, test.rho()));
    }
  }

  private void add(
      List<AspectTest> aspects,
      Aspect aspect,
      int position,
      ToDoubleFunction<ColumnCounts> value,
      ToDoubleFunction<ColumnCounts> noise) {
    PeriodTest test = test(position, value, noise);
    if (test != null) {
      aspects.add(AspectTest.of(aspect, test));
    }
  }

  /** Null if there are too few periods with a number. */
  private @Nullable PeriodTest test(
      int position, ToDoubleFunction<ColumnCounts> value, ToDoubleFunction<ColumnCounts> noise) {
    int n = 0;
    long[] numbers = new long[reference.size()];
    double[] values = new double[reference.size()];
    double[] noises = new double[reference.size()];
    for (Period period : reference) {
      ColumnCounts counts = period.counts().columns[position];
      double number = value.applyAsDouble(counts);
      if (!Double.isNaN(number)) {
        numbers[n] = period.number();
        values[n] = number;
        noises[n++] = noise.applyAsDouble(counts);
      }
    }
    if (n < neededPeriods(window.size())) {
      return null;
    }
    int m = 0;
    double[] windowValues = new double[window.size()];
    double[] windowNoises = new double[window.size()];
    for (Period period : window) {
      ColumnCounts counts = period.counts().columns[position];
      double number = value.applyAsDouble(counts);
      if (!Double.isNaN(number)) {
        windowValues[m] = number;
        windowNoises[m++] = noise.applyAsDouble(counts);
      }
    }
    if (changes) {
      return m < 2 ? null : ofChanges(numbers, values, noises, n, windowValues, windowNoises);
    }
    if (2 * m < window.size()) {
      return null;
    }
    return PeriodTest.of(
        Arrays.copyOf(numbers, n),
        Arrays.copyOf(values, n),
        Arrays.copyOf(noises, n),
        Arrays.copyOf(windowValues, m),
        Arrays.copyOf(windowNoises, m));
  }

  private @Nullable PeriodTest ofChanges(
      long[] numbers,
      double[] values,
      double[] noises,
      int size,
      double[] windowValues,
      double[] windowNoises) {
    int n = 0;
    long[] later = new long[size];
    double[] steps = new double[size];
    double[] stepNoises = new double[size];
    for (int i = 1; i < size; i++) {
      if (numbers[i] == numbers[i - 1] + 1) {
        later[n] = numbers[i];
        steps[n] = values[i] - values[i - 1];
        stepNoises[n++] = noises[i] + noises[i - 1];
      }
    }
    if (n < MIN_REFERENCE_PERIODS) {
      return null;
    }
    return PeriodTest.of(
        Arrays.copyOf(later, n),
        Arrays.copyOf(steps, n),
        Arrays.copyOf(stepNoises, n),
        new double[] {windowValues[1] - windowValues[0]},
        new double[] {windowNoises[0] + windowNoises[1]});
  }

  static ColumnCounts pooled(ReferenceColumn column, int position, List<Period> periods) {
    ColumnCounts pooled = column.emptyCounts();
    periods.forEach(period -> pooled.add(period.counts().columns[position]));
    return pooled;
  }

  /**
   * The score of each bin: the share of the reference below it, half of those in it. Its mean over
   * other rows is the probability that one of them is greater than one of the reference.
   */
  private static double[] scores(long[] pooled) {
    double total = 0;
    for (long count : pooled) {
      total += count;
    }
    double[] scores = new double[pooled.length];
    double below = 0;
    for (int i = 0; i < pooled.length; i++) {
      scores[i] = total == 0 ? 0.5 : (below + pooled[i] / 2.0) / total;
      below += pooled[i];
    }
    return scores;
  }

  private static double mean(ColumnCounts counts, double[] scores) {
    double sum = 0;
    for (int i = 0; i < scores.length; i++) {
      sum += counts.counts[i] * scores[i];
    }
    return sum / counts.present();
  }

  private static double share(double count, long rows) {
    return enough(rows, Shares.arcsine(count / rows));
  }

  private static double enough(long rows, double value) {
    return rows < MIN_ROWS ? Double.NaN : value;
  }
}
