package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.model.Prediction;
import dev.mlops4j.monitoring.ReferenceColumn.Shape;
import dev.mlops4j.profile.ProfileSeries;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The stated rate of false alarms, simulated with fixed seeds; and that what drifts is found. */
class FalseAlarmTest {

  private static final int ROUNDS = 2000;

  /** Of drift-method.md: weeks of reference, autocorrelation, size for windows of 1, 4, 8 weeks. */
  private static final double[][] STATED = {
    {16, 0, 0.044, 0.037, 0.035},
    {16, 0.3, 0.043, 0.064, 0.067},
    {16, 0.6, 0.038, 0.074, 0.093},
    {16, 0.9, 0.033, 0.082, 0.116},
    {26, 0, 0.050, 0.041, 0.040},
    {26, 0.3, 0.045, 0.062, 0.065},
    {26, 0.6, 0.038, 0.061, 0.072},
    {26, 0.9, 0.027, 0.056, 0.083},
    {52, 0, 0.050, 0.041, 0.041},
    {52, 0.3, 0.048, 0.055, 0.057},
    {52, 0.6, 0.040, 0.054, 0.059},
    {52, 0.9, 0.026, 0.042, 0.058}
  };

  /** Three standard errors above what is stated. */
  private static double limit(double rate, int rounds) {
    return rate + 3 * Math.sqrt(rate * (1 - rate) / rounds);
  }

  private static double between(Random random, int n, int window, double rho, double shift) {
    double[] series = new double[n + window];
    series[0] = random.nextGaussian();
    for (int i = 1; i < series.length; i++) {
      series[i] = rho * series[i - 1] + Math.sqrt(1 - rho * rho) * random.nextGaussian();
    }
    long[] numbers = new long[n];
    double[] reference = new double[n];
    double[] current = new double[window];
    for (int i = 0; i < n; i++) {
      numbers[i] = i;
      reference[i] = series[i];
    }
    for (int i = 0; i < window; i++) {
      current[i] = series[n + i] + shift;
    }
    return PeriodTest.of(numbers, reference, new double[n], current, new double[window]).p();
  }

  @Test
  void theTestBetweenPeriodsKeepsItsRate() {
    Random random = new Random(20130101);
    for (double[] row : STATED) {
      for (int i = 0; i < 3; i++) {
        int n = (int) row[0];
        int window = new int[] {1, 4, 8}[i];
        int alarms = 0;
        for (int round = 0; round < ROUNDS; round++) {
          alarms += between(random, n, window, row[1], 0) <= 0.05 ? 1 : 0;
        }
        assertThat((double) alarms / ROUNDS)
            .as("%s weeks, window %s, rho %s", n, window, row[1])
            .isLessThan(limit(row[2 + i], ROUNDS))
            .isGreaterThan(0.01);
      }
    }
  }

  @Test
  void reportsOfSingleWindowsKeepTheRateHoweverMuchWeeksAreAlike() {
    Random random = new Random(70);
    for (double rho : new double[] {0, 0.6, 0.9}) {
      int alarms = 0;
      for (int round = 0; round < ROUNDS; round++) {
        double[] p = new double[10];
        Arrays.setAll(p, column -> between(random, 26, 1, rho, 0));
        alarms += ManyTests.simes(p) <= 0.05 ? 1 : 0;
      }
      assertThat((double) alarms / ROUNDS).as("rho %s", rho).isLessThan(limit(0.05, ROUNDS));
    }
  }

  /** The changes of what wanders freely are independent, those of what does not take turns. */
  @Test
  void theChangeFromOnePeriodToTheNextKeepsItsRate() {
    Random random = new Random(110);
    for (double rho : new double[] {0, 0.6, 1}) {
      int alarms = 0;
      for (int i = 0; i < ROUNDS; i++) {
        List<Period> reference = new ArrayList<>();
        double value = 0;
        for (int week = 0; week < 28; week++) {
          double noise = rho == 1 ? 0.05 : 0.15 * Math.sqrt(1 - rho * rho);
          value = rho * value + noise * random.nextGaussian();
          ColumnCounts counts = new ColumnCounts(2);
          counts.rows = 1_000_000;
          counts.counts[1] = Math.round(counts.rows * Math.pow(Math.sin(0.8 + value / 2), 2));
          counts.counts[0] = counts.rows - counts.counts[1];
          reference.add(new Period(week, holding(counts)));
        }
        ReferenceColumn column =
            ReferenceColumn.outcome("x", AlertKind.LABEL_DRIFT, ReferenceColumn.Shape.SHARE);
        PeriodDrift drift =
            PeriodDrift.ofChange(reference.subList(0, 26), reference.get(26), reference.get(27));
        alarms += drift.test(column, 0).p() <= 0.05 ? 1 : 0;
      }
      assertThat((double) alarms / ROUNDS).as("rho %s", rho).isLessThan(limit(0.05, ROUNDS));
    }
  }

  @Test
  void theTestBetweenPeriodsFindsAShift() {
    Random random = new Random(1);
    int found = 0;
    for (int i = 0; i < 500; i++) {
      found += between(random, 26, 4, 0, 3) <= 0.05 ? 1 : 0;
    }
    assertThat(found).isGreaterThan(480);
  }

  @Test
  void aWholeReportKeepsTheStatedRate() {
    int reports = 0;
    int alarms = 0;
    for (int seed = 0; seed < 12; seed++) {
      ProfileSeries series = TestData.byWeek(1000 + seed);
      ReferenceCheck check =
          ReferenceCheck.of(Reference.of(series, TestData.SIGNATURE), Judge.ALPHA, 1).get(0);
      reports += check.verdicts() / 5;
      alarms += check.alerts().size();
    }
    assertThat(reports).isEqualTo(12 * 26);
    assertThat((double) alarms / reports).isLessThan(limit(0.05, reports));
  }

  private static ColumnCounts categories(Random random, double[] shares, int rows) {
    ColumnCounts counts = new ColumnCounts(shares.length);
    counts.rows = rows;
    for (int i = 0; i < rows; i++) {
      double left = random.nextDouble();
      int category = 0;
      while (category < shares.length - 1 && left >= shares[category]) {
        left -= shares[category++];
      }
      counts.counts[category]++;
    }
    return counts;
  }

  private static ColumnTest compare(Shape shape, ColumnCounts from, ColumnCounts to) {
    List<String> names = IntStream.range(0, 20).mapToObj(i -> "c" + i).toList();
    ReferenceColumn column =
        new ReferenceColumn("x", AlertKind.FEATURE_DRIFT, shape, null, names, List.of(), null);
    return new SampleDrift(holding(from), holding(to)).test(column, 0);
  }

  private static PeriodCounts holding(ColumnCounts column) {
    PeriodCounts counts =
        new PeriodCounts(
            List.of(
                new ReferenceColumn(
                    "x",
                    AlertKind.FEATURE_DRIFT,
                    Shape.CATEGORIES,
                    null,
                    List.of(),
                    List.of(),
                    null)));
    counts.columns[0] = column;
    counts.rows = column.rows;
    return counts;
  }

  @Test
  void twoSamplesOfTheSameKindKeepTheRate() {
    Random random = new Random(5);
    double[] shares = new double[20];
    Arrays.fill(shares, 0.05);
    for (int[] sizes : new int[][] {{2000, 50}, {1000, 1000}, {30, 30}}) {
      int chiSquare = 0;
      int kolmogorov = 0;
      for (int i = 0; i < 1000; i++) {
        ColumnCounts from = categories(random, shares, sizes[0]);
        ColumnCounts to = categories(random, shares, sizes[1]);
        chiSquare += compare(Shape.CATEGORIES, from, to).p() <= 0.05 ? 1 : 0;
        kolmogorov += compare(Shape.NUMBERS, from, to).p() <= 0.05 ? 1 : 0;
      }
      assertThat(chiSquare / 1000.0).as("chi-square %s", sizes[1]).isLessThan(limit(0.06, 1000));
      assertThat(kolmogorov / 1000.0).as("Kolmogorov %s", sizes[1]).isLessThan(limit(0.057, 1000));
    }
  }

  @Test
  void withoutPeriodsTheReferenceIsASample() {
    Reference reference = Reference.of(TestData.withoutTime(3), TestData.SIGNATURE);
    assertThat(reference.periods()).isEmpty();
    assertThat(verdicts(reference, 0)).allMatch(v -> v.status() == Verdict.Status.OK);
    List<Verdict> drifted = verdicts(reference, 1.5);
    assertThat(drifted).filteredOn(Verdict::isAlert).extracting(Verdict::column).contains("size");
    assertThat(drifted.get(0).aspect()).isEqualTo(Aspect.DISTRIBUTION);
    assertThat(drifted).hasSize(5);
  }

  private static List<Verdict> verdicts(Reference reference, double level) {
    Random random = new Random(17);
    PredictionCounter counter = new PredictionCounter(reference, 1, version -> TestData.SIGNATURE);
    for (int i = 0; i < 400; i++) {
      TestData.Row row = TestData.row(random, TestData.SERVING, level);
      Prediction asked = row.prediction("p", 1);
      counter.add(1, asked.vector(), asked.output(), row.late() ? "1" : "0");
    }
    Period window = new Period(1, counter.counts());
    return Judge.of(reference, TestData.WEEK, Judge.ALPHA)
        .verdicts(List.of(window), counter.counts(), true);
  }

  @Test
  void inTwoSamplesMissingUnseenAndMiscalibratedAreFound() {
    ColumnCounts from = new ColumnCounts(2);
    from.rows = 1000;
    from.counts[0] = 600;
    from.counts[1] = 400;
    ColumnCounts missing = new ColumnCounts(2);
    missing.rows = 100;
    missing.missing = 10;
    missing.counts[0] = 54;
    missing.counts[1] = 36;
    assertThat(compare(Shape.CATEGORIES, from, missing).lead().aspect()).isEqualTo(Aspect.MISSING);
    assertThat(compare(Shape.CATEGORIES, from, missing).p()).isLessThan(0.001);
    ColumnCounts unseen = new ColumnCounts(2);
    unseen.rows = 100;
    unseen.unseen = 20;
    unseen.counts[0] = 48;
    unseen.counts[1] = 32;
    ColumnTest.AspectTest found = compare(Shape.CATEGORIES, from, unseen).lead();
    assertThat(found.aspect()).isEqualTo(Aspect.SHARES);
    assertThat(found.category()).isEqualTo("(unseen)");
    assertThat(found.p()).isLessThan(0.001);
    from.predicted = 400;
    ColumnCounts gap = new ColumnCounts(2);
    gap.rows = 400;
    gap.counts[0] = 280;
    gap.counts[1] = 120;
    gap.predicted = 180;
    assertThat(compare(Shape.GAP, from, gap).p()).isLessThan(0.001);
    assertThat(compare(Shape.SHARE, from, gap).p()).isLessThan(0.01);
  }
}
