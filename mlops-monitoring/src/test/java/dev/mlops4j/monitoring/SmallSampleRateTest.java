package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Schema;
import dev.mlops4j.profile.DatasetProfile;
import dev.mlops4j.profile.ProfileSeries;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.IntFunction;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;

/** How often profiles of small samples of one kind alarm, as {@link ProfileDrift#between} says. */
class SmallSampleRateTest {

  private static final double CHANCE_OF_FAILING = 1e-6;

  private static DatasetProfile reference(ColumnType type, int rows, IntFunction<Object> value) {
    return ProfileSeries.of(rows(type, rows, value)).overall();
  }

  private static Dataset rows(ColumnType type, int rows, IntFunction<Object> value) {
    DatasetBuilder builder = Dataset.builder(Schema.builder().optional("x", type).build());
    for (int i = 0; i < rows; i++) {
      builder.add(value.apply(i));
    }
    return builder.build();
  }

  private static boolean alarms(DatasetProfile reference, DatasetProfile current) {
    return ProfileDrift.between(reference, current).stream().anyMatch(Verdict::isAlert);
  }

  /** Of all pairs of counts of ones, the probability of those that alarm. */
  private static double rateOfTwoValues(ColumnType type, int rows, Object one, Object other) {
    BinomialDistribution ones = new BinomialDistribution(null, rows, 0.5);
    List<DatasetProfile> references = new ArrayList<>();
    List<Dataset> currents = new ArrayList<>();
    for (int k = 0; k <= rows; k++) {
      int count = k;
      references.add(reference(type, rows, i -> i < count ? one : other));
      currents.add(rows(type, rows, i -> i < count ? one : other));
    }
    double rate = 0;
    for (int from = 0; from <= rows; from++) {
      for (int to = 0; to <= rows; to++) {
        DatasetProfile reference = references.get(from);
        if (alarms(reference, DatasetProfile.of(currents.get(to), reference))) {
          rate += ones.probability(from) * ones.probability(to);
        }
      }
    }
    return rate;
  }

  @Test
  void twoValuesKeepTheRateWhereTheNormalApproximationDoesNot() {
    for (int rows : new int[] {33, 42, 52}) {
      assertThat(rateOfTwoValues(ColumnType.INT64, rows, 0L, 1L))
          .as("0 and 1 in %s rows", rows)
          .isBetween(0.02, Judge.ALPHA);
    }
  }

  @Test
  void twoCategoriesKeepTheRateWhereTheNormalApproximationDoesNot() {
    for (int rows : new int[] {33, 42, 52}) {
      assertThat(rateOfTwoValues(ColumnType.STRING, rows, "a", "b"))
          .as("two categories in %s rows", rows)
          .isBetween(0.02, Judge.ALPHA);
    }
  }

  @Test
  void aShareOfMissingValuesKeepsTheRateWhereTheNormalApproximationDoesNot() {
    // Nothing else of instants is compared.
    BinomialDistribution missing = new BinomialDistribution(null, 33, 0.5);
    ReferenceColumn column =
        new ReferenceColumn(
            "x",
            AlertKind.FEATURE_DRIFT,
            ReferenceColumn.Shape.NUMBERS,
            null,
            List.of(),
            List.of(),
            null);
    double rate = 0;
    for (int from = 0; from <= 33; from++) {
      for (int to = 0; to <= 33; to++) {
        if (SampleDrift.test(column, missing(from), missing(to)).p() <= Judge.ALPHA) {
          rate += missing.probability(from) * missing.probability(to);
        }
      }
    }
    assertThat(rate).isBetween(0.02, Judge.ALPHA);
  }

  private static ColumnCounts missing(int rows) {
    ColumnCounts counts = new ColumnCounts(0);
    counts.rows = 33;
    counts.missing = rows;
    return counts;
  }

  @Test
  void fiveAndSixtyValuesKeepTheRateAndUseMostOfIt() {
    int rounds = 2_000;
    BinomialDistribution alarms = new BinomialDistribution(null, rounds, Judge.ALPHA);
    for (int distinct : new int[] {5, 60}) {
      SplittableRandom random = new SplittableRandom(distinct);
      int found = 0;
      for (int i = 0; i < rounds; i++) {
        IntFunction<Object> value = row -> (long) random.nextInt(distinct);
        DatasetProfile reference = reference(ColumnType.INT64, 100, value);
        Dataset current = rows(ColumnType.INT64, 80, value);
        found += alarms(reference, DatasetProfile.of(current, reference)) ? 1 : 0;
      }
      // Without the ties, five values alarm in 1 to 2 draws of 100.
      assertThat(found)
          .as("%s values", distinct)
          .isGreaterThan(rounds * 5 / 200)
          .isLessThanOrEqualTo(alarms.inverseCumulativeProbability(1 - CHANCE_OF_FAILING));
    }
  }
}
