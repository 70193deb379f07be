package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlops4j.monitoring.ColumnTest.AspectTest;
import dev.mlops4j.monitoring.ReferenceColumn.Shape;
import dev.mlops4j.monitoring.statistics.BoschlooExact;
import dev.mlops4j.monitoring.statistics.KolmogorovSmirnov;
import dev.mlops4j.monitoring.statistics.NumericPair;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SampleDriftTest {

  private static final long[] FROM = {40, 30, 20, 10};
  private static final long[] TO = {12, 20, 28, 20};

  private static ReferenceColumn column(Shape shape, String... categories) {
    return new ReferenceColumn(
        "x", AlertKind.FEATURE_DRIFT, shape, null, List.of(categories), List.of(), null);
  }

  private static ColumnCounts counts(long missing, long... of) {
    ColumnCounts counts = new ColumnCounts(of.length);
    System.arraycopy(of, 0, counts.counts, 0, of.length);
    counts.missing = missing;
    counts.rows = missing + IntStream.range(0, of.length).mapToLong(i -> of[i]).sum();
    return counts;
  }

  private static double distribution(ColumnTest test) {
    return test.aspects().stream()
        .filter(aspect -> aspect.aspect() == Aspect.DISTRIBUTION)
        .findFirst()
        .orElseThrow()
        .p();
  }

  @Test
  void tiesCountWhereValuesAreCountedAndNotInBinsMadeOfTheReference() {
    NumericPair pair = NumericPair.ofCounts(new double[] {0, 1, 2, 3}, FROM, TO);
    double given = KolmogorovSmirnov.conditional(pair).p();
    double without = KolmogorovSmirnov.of(pair).p();
    assertThat(given).isLessThan(without / 2);

    ReferenceColumn column = column(Shape.NUMBERS);
    assertThat(distribution(SampleDrift.test(column, counts(0, FROM), counts(0, TO), true)))
        .isEqualTo(given);
    assertThat(distribution(SampleDrift.test(column, counts(0, FROM), counts(0, TO), false)))
        .isEqualTo(without);
  }

  @Test
  void missingNumbersCountANinthOfTheirDistribution() {
    ColumnTest test =
        SampleDrift.test(column(Shape.NUMBERS), counts(0, FROM), counts(6, FROM), true);

    double missing = BoschlooExact.of(0, 100, 6, 100);
    assertThat(test.p()).isCloseTo(10 * missing, within(1e-12));
  }

  @Test
  void inAMonitorOneInAHundredUnseenOrMissingAlarms() {
    // One code for both: 4 of 400, none of 1,600 in the reference.
    ColumnCounts from = counts(0, 800, 400, 400);
    ColumnCounts to = counts(4, 198, 99, 99);
    ReferenceColumn column = column(Shape.CATEGORIES, "a", "b", "c");
    double missing = BoschlooExact.of(0, 1_600, 4, 396);

    PeriodCounts reference = new PeriodCounts(List.of(column));
    PeriodCounts window = new PeriodCounts(List.of(column));
    reference.columns[0] = from;
    window.columns[0] = to;
    ColumnTest monitors = new SampleDrift(reference, window).test(column, 0);
    assertThat(monitors.p()).isCloseTo(2 * missing, within(1e-12)).isLessThan(Judge.ALPHA);
    assertThat(monitors.lead().aspect()).isEqualTo(Aspect.MISSING);

    // Of profiles a category never seen before is one of its own, and missing is missing.
    assertThat(SampleDrift.test(column, from, to).p()).isCloseTo(10 * missing, within(1e-12));
  }

  @Test
  void theAspectThatDecidesLeads() {
    AspectTest numbers = new AspectTest(Aspect.DISTRIBUTION, null, 0.2, "a", 0.03, 0, 4);
    AspectTest missing = new AspectTest(Aspect.MISSING, null, 0.3, "b", 0.02, 0, 1);
    ColumnTest test =
        new ColumnTest(column(Shape.NUMBERS), List.of(missing, numbers), 100, 100, "", false);

    // 0.02 alone would be 0.1 of the column; 0.03 is 0.0375.
    assertThat(test.p()).isLessThan(Judge.ALPHA);
    assertThat(test.lead()).isSameAs(numbers);
  }
}
