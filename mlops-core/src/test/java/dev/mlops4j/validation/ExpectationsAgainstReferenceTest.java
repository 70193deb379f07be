package dev.mlops4j.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Schema;
import dev.mlops4j.profile.DatasetProfile;
import dev.mlops4j.profile.ProfileException;
import dev.mlops4j.profile.ProfileSeries;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ExpectationsAgainstReferenceTest {

  /** What a reference can know of numbers. */
  enum Knowledge {
    HISTOGRAM,
    SKETCH;

    DatasetProfile of(Dataset data) {
      return this == HISTOGRAM ? ProfileSeries.of(data).overall() : DatasetProfile.of(data);
    }
  }

  @Test
  void theDistanceIsHalfTheSumOfTheDifferencesOfShares() {
    TotalVariation apart = TotalVariation.of(new long[] {500, 300, 200}, new long[] {10, 60, 30});

    assertThat(apart.distance()).isCloseTo((0.4 + 0.3 + 0.1) / 2, within(1e-15));
    assertThat(apart.widest()).isZero();
    assertThat(TotalVariation.of(new long[] {7, 0}, new long[] {0, 9}).distance()).isEqualTo(1);
    assertThat(TotalVariation.of(new long[] {2, 4}, new long[] {50, 100}).distance()).isZero();
  }

  @Test
  void theLimitOfChanceFollowsItsFormula() {
    TotalVariation apart = TotalVariation.of(new long[] {500, 500}, new long[] {500, 500});

    // 1/n + 1/m = 0.002; 2 * sqrt(0.25 * 0.002) / 2 + sqrt(ln(1000) / 2 * 0.002)
    assertThat(apart.chance()).isCloseTo(0.0223606797749979 + 0.0831129068134555, within(1e-9));
    assertThat(apart.against(0.11)).isEqualTo(Outcome.HELD);
    assertThat(apart.against(0.1)).isEqualTo(Outcome.NOT_ENOUGH_ROWS);
  }

  @Test
  void samplesOfOneDistributionDoNotExceedTheLimitOfChance() {
    Random random = new Random(5);
    int beyond = 0;
    for (int i = 0; i < 3_000; i++) {
      int groups = 1 + random.nextInt(40);
      double skew = random.nextDouble() * 3;
      TotalVariation apart =
          TotalVariation.of(
              sample(random, groups, skew, 20 + random.nextInt(500)),
              sample(random, groups, skew, 20 + random.nextInt(2_000)));
      beyond += apart.distance() > apart.chance() ? 1 : 0;
    }

    assertThat(beyond).isLessThanOrEqualTo(3);
  }

  @Test
  void categoriesHoldWithTheSharesOfTheReference() {
    DatasetProfile reference = DatasetProfile.of(texts(10_000, row -> "ABCD".charAt(row % 4) + ""));

    assertThat(distance(texts(4_000, row -> "ABCD".charAt(row % 4) + ""), reference, 0.1))
        .extracting(ExpectationResult::outcome, ExpectationResult::found)
        .containsExactly(
            Outcome.HELD, "total variation 0.0000; share of A: 0.2500, in the reference 0.2500");
    assertThat(distance(texts(4_000, row -> "ABAB".charAt(row % 4) + ""), reference, 0.1))
        .extracting(ExpectationResult::outcome, ExpectationResult::found)
        .containsExactly(
            Outcome.VIOLATED,
            "total variation 0.5000; share of A: 0.5000, in the reference 0.2500");
  }

  @Test
  void rareCategoriesAreOneGroupAndUnseenOnesAnother() {
    DatasetProfile reference =
        DatasetProfile.of(texts(20_000, row -> row % 2 == 0 ? "most" : "rare " + row % 400));

    assertThat(
            distance(
                    texts(5_000, row -> row % 2 == 0 ? "most" : "rare " + (1 + row % 2)),
                    reference,
                    0.2)
                .found())
        .startsWith("total variation 0.5000; share of (");
    assertThat(distance(texts(5_000, row -> row % 2 == 0 ? "most" : "new"), reference, 0.2).found())
        .isEqualTo("total variation 0.5000; share of (others): 0.0000, in the reference 0.5000");
    assertThat(
            distance(texts(5_000, row -> row % 2 == 0 ? "most" : "rare 1"), reference, 0.2)
                .outcome())
        .isEqualTo(Outcome.HELD);
  }

  @ParameterizedTest
  @EnumSource
  void numbersOfTheSameKindHoldAndShiftedOrStretchedOnesDoNot(Knowledge knowledge) {
    Random random = new Random(1);
    DatasetProfile reference = knowledge.of(numbers(50_000, row -> random.nextGaussian() * 10));

    assertThat(
            distance(numbers(5_000, row -> random.nextGaussian() * 10), reference, 0.1).outcome())
        .isEqualTo(Outcome.HELD);
    // The distance of N(0, 1) and N(0.5, 1) is 2 Phi(0.25) - 1 = 0.197.
    ExpectationResult shifted =
        distance(numbers(5_000, row -> 5 + random.nextGaussian() * 10), reference, 0.1);
    assertThat(shifted.outcome()).isEqualTo(Outcome.VIOLATED);
    assertThat(measured(shifted)).isBetween(0.17, 0.21);
    assertThat(
            distance(numbers(5_000, row -> random.nextGaussian() * 30), reference, 0.1).outcome())
        .isEqualTo(Outcome.VIOLATED);
    assertThat(distance(numbers(5_000, row -> Double.NaN), reference, 0.1).found())
        .startsWith("total variation 1.0000; share of NaN: 1.0000, in the reference 0.0000");
    assertThat(distance(numbers(5_000, row -> Double.NEGATIVE_INFINITY), reference, 0.1).outcome())
        .isEqualTo(Outcome.VIOLATED);
  }

  @Test
  void aHistogramSeesAChangeThatIsSmallAgainstTheNumbers() {
    Random random = new Random(2);
    Dataset january = numbers(20_000, row -> 1018 + random.nextGaussian() * 2);
    Dataset july = numbers(5_000, row -> 1016 + random.nextGaussian() * 2);

    assertThat(measured(distance(july, ProfileSeries.of(january).overall(), 0.1)))
        .isBetween(0.33, 0.39); // 2 Phi(0.5) - 1 = 0.383
  }

  @ParameterizedTest
  @EnumSource
  void aFrequentNumberStaysApart(Knowledge knowledge) {
    DatasetProfile dry = knowledge.of(numbers(5_000, row -> row % 10 == 0 ? row * 0.37 : 0.0));

    assertThat(distance(numbers(5_000, row -> -1.0), dry, 0.1).outcome())
        .isEqualTo(Outcome.VIOLATED);
    DatasetProfile constant = knowledge.of(numbers(5_000, row -> 5.0));
    assertThat(distance(numbers(5_000, row -> 4.0), constant, 0.1).found())
        .startsWith("total variation 1.0000");
    assertThat(distance(numbers(5_000, row -> 5.0), constant, 0.1).outcome())
        .isEqualTo(Outcome.HELD);
  }

  @ParameterizedTest
  @EnumSource
  void infinitiesAreComparedAsValues(Knowledge knowledge) {
    IntFunction<Object> values = row -> row % 2 == 0 ? Double.POSITIVE_INFINITY : -row * 1.0;
    DatasetProfile reference = knowledge.of(numbers(5_000, values));

    assertThat(distance(numbers(5_000, values), reference, 0.1).outcome()).isEqualTo(Outcome.HELD);
    assertThat(distance(numbers(5_000, row -> -row * 1.0), reference, 0.1).outcome())
        .isEqualTo(Outcome.VIOLATED);
  }

  @Test
  void wholeNumbersAndBooleansAreComparedToo() {
    DatasetProfile hours =
        DatasetProfile.of(column(ColumnType.INT64, 10_000, row -> (long) (row % 24)));
    assertThat(distance(column(ColumnType.INT64, 5_000, row -> (long) (row % 24)), hours, 0.1))
        .extracting(ExpectationResult::outcome)
        .isEqualTo(Outcome.HELD);
    assertThat(distance(numbers(5_000, row -> (row % 24) * 1.0), hours, 0.1).outcome())
        .isEqualTo(Outcome.HELD);
    assertThat(distance(numbers(5_000, row -> (row % 12) * 1.0), hours, 0.1).outcome())
        .isEqualTo(Outcome.VIOLATED);

    DatasetProfile late =
        DatasetProfile.of(column(ColumnType.BOOLEAN, 10_000, row -> row % 5 == 0));
    assertThat(distance(column(ColumnType.BOOLEAN, 5_000, row -> row % 2 == 0), late, 0.1).found())
        .isEqualTo("total variation 0.3000; share of false: 0.5000, in the reference 0.8000");
  }

  @Test
  void tooFewRowsAreAnOutcomeOfTheirOwnThatDoesNotPass() {
    DatasetProfile reference = DatasetProfile.of(texts(10_000, row -> row % 2 == 0 ? "A" : "B"));
    Dataset few = texts(50, row -> row % 2 == 0 ? "A" : "B");

    ValidationReport report =
        Expectations.named("few")
            .column("x", c -> c.against(reference, r -> r.distanceAtMost(0.1)))
            .build()
            .check(few);

    assertThat(report.passed()).isFalse();
    assertThat(report.undecided()).isEqualTo(report.failures()).hasSize(1);
    assertThatThrownBy(report::orThrow)
        .isInstanceOf(ExpectationsFailedException.class)
        .hasMessage(
            """
            few: 1 of 2 expectations hold for 50 rows, 1 failed, 0 warnings, 1 of them with too few rows to tell
              FAIL (few)  x: distribution within 0.1 of the reference's; found total variation 0.0000; share of A: 0.5000, in the reference 0.5000; too few to tell: 50, and 10000 in the reference; chance alone may give 0.3344
              Mend the data, or the expectations if the world has changed.""");
  }

  @Test
  void fewRowsOfAnotherWorldAreAViolationAllTheSame() {
    DatasetProfile reference = DatasetProfile.of(texts(10_000, row -> row % 2 == 0 ? "A" : "B"));

    assertThat(distance(texts(50, row -> "C"), reference, 0.1).outcome())
        .isEqualTo(Outcome.VIOLATED);
  }

  @Test
  void noValuesAtAllAreTooFew() {
    Dataset some = texts(5_000, row -> "A");
    Dataset missing = texts(5_000, row -> null);
    Dataset none = texts(0, row -> null);
    Dataset noNumbers = numbers(10, row -> null);

    for (Dataset empty : List.of(missing, none)) {
      for (ExpectationResult result :
          List.of(
              distance(empty, DatasetProfile.of(some), 0.1),
              distance(some, DatasetProfile.of(empty), 0.1),
              unseen(empty, DatasetProfile.of(some), 0),
              unseen(some, DatasetProfile.of(empty), 0))) {
        assertThat(result.outcome()).isEqualTo(Outcome.NOT_ENOUGH_ROWS);
        assertThat(result.found()).startsWith("too few to tell: ");
      }
    }
    assertThat(missingChange(none, DatasetProfile.of(some), 0.1).outcome())
        .isEqualTo(Outcome.NOT_ENOUGH_ROWS);
    for (Knowledge knowledge : Knowledge.values()) {
      assertThat(distance(noNumbers, knowledge.of(numbers(99, row -> 1.0)), 0.1).outcome())
          .isEqualTo(Outcome.NOT_ENOUGH_ROWS);
      assertThat(distance(numbers(99, row -> 1.0), knowledge.of(noNumbers), 0.1).outcome())
          .isEqualTo(Outcome.NOT_ENOUGH_ROWS);
    }
  }

  @Test
  void theMissingShareMayChangeExactlyByTheBound() {
    DatasetProfile reference = DatasetProfile.of(texts(100_000, row -> row % 10 < 7 ? null : "A"));
    Dataset more = texts(50_000, row -> row % 10 < 8 ? null : "A");

    assertThat(missingChange(more, reference, 0.1).outcome()).isEqualTo(Outcome.HELD);
    assertThat(missingChange(more, reference, 0.099))
        .extracting(ExpectationResult::outcome, ExpectationResult::found)
        .containsExactly(
            Outcome.VIOLATED,
            "difference 0.1000; share of missing: 0.8000, in the reference 0.7000");
    assertThat(missingChange(texts(50_000, row -> null), reference, 0.1).isFailure()).isTrue();
    assertThat(missingChange(texts(50_000, row -> "A"), reference, 0.1).isFailure()).isTrue();
    assertThat(missingChange(more.select(0, 1, 2, 8), reference, 0.1).outcome())
        .isEqualTo(Outcome.NOT_ENOUGH_ROWS);
  }

  @Test
  void unseenCategoriesMayMakeUpExactlyTheStatedShare() {
    DatasetProfile reference = DatasetProfile.of(texts(10, row -> "A"));
    Dataset data = texts(100, row -> row < 10 ? null : row < 19 ? "new " + row : "A");

    assertThat(unseen(data, reference, 0.1).outcome()).isEqualTo(Outcome.HELD);
    ExpectationResult result = unseen(data, reference, 0.09);
    assertThat(result.violations()).isEqualTo(9);
    assertThat(result.firstRows()).containsExactly(10, 11, 12, 13, 14);
    assertThat(result.found())
        .startsWith("9 of 100 rows otherwise: row 10 (new 10), row 11 (new 11)");
  }

  @Test
  void aCategoryThatTheReferenceMayHaveIsNotUnseen() {
    DatasetProfile reference = DatasetProfile.of(texts(5_000, row -> "N" + row));

    assertThat(unseen(texts(5_000, row -> "N" + row), reference, 0).outcome())
        .isEqualTo(Outcome.HELD);
    assertThat(distance(texts(5_000, row -> "N" + row), reference, 0.2).outcome())
        .isEqualTo(Outcome.HELD);
  }

  @Test
  void aReferenceWithoutTheColumnIsRefusedAtOnce() {
    DatasetProfile reference = DatasetProfile.of(texts(10, row -> "A"));

    assertThatThrownBy(
            () ->
                Expectations.named("flights").column("tailnum", c -> c.against(reference, r -> {})))
        .isInstanceOf(ProfileException.class)
        .hasMessage("no column \"tailnum\" in the profile; there are: x");
  }

  @Test
  void aColumnOfAnotherTypeViolates() {
    DatasetProfile reference = DatasetProfile.of(texts(5_000, row -> "A"));
    Dataset numbers = numbers(5_000, row -> 1.0);

    assertThat(distance(numbers, reference, 0.1).found())
        .isEqualTo("a column of FLOAT64, which in the reference is STRING");
    assertThat(unseen(numbers, reference, 0.1).isFailure()).isTrue();
    assertThat(missingChange(numbers, reference, 0.1).outcome()).isEqualTo(Outcome.HELD);
    assertThat(distance(texts(5_000, row -> "1"), DatasetProfile.of(numbers), 0.1).isFailure())
        .isTrue();
  }

  @Test
  void aColumnThatIsNotThereIsNotChecked() {
    DatasetProfile reference = DatasetProfile.of(texts(5_000, row -> "A"));
    Dataset other =
        Dataset.builder(Schema.builder().optional("y", ColumnType.STRING).build()).build();

    ExpectationResult result = distance(other, reference, 0.1);
    assertThat(result.outcome()).isEqualTo(Outcome.NOT_CHECKED);
  }

  @Test
  void valuesOfASensitiveColumnAreNeitherComparedNorShown() {
    Schema sensitive = Schema.builder().optional("x", ColumnType.STRING).sensitive("x").build();
    DatasetBuilder builder = Dataset.builder(sensitive);
    for (int row = 0; row < 5_000; row++) {
      builder.add(row % 2 == 0 ? "Ann" : null);
    }
    Dataset data = builder.build();
    DatasetProfile open = DatasetProfile.of(texts(5_000, row -> row % 2 == 0 ? "Bob" : null));

    assertThat(List.of(distance(data, open, 0.1), unseen(data, open, 0.1)))
        .allMatch(ExpectationResult::isFailure)
        .noneMatch(result -> result.toString().contains("Ann"))
        .noneMatch(result -> result.toString().contains("Bob"));
    DatasetProfile closed = DatasetProfile.of(data);
    assertThat(missingChange(data, closed, 0.1).outcome()).isEqualTo(Outcome.HELD);
    assertThatThrownBy(() -> distance(data, closed, 0.1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "distanceAtMost of column \"x\" is for numbers, BOOLEAN and STRING whose values are in"
                + " the reference, which has STRING, sensitive; missingChangeAtMost is for any"
                + " column");
    assertThatThrownBy(() -> unseen(data, closed, 0.1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  static Stream<Consumer<ReferenceExpectations>> nonsense() {
    return Stream.of(
        r -> r.distanceAtMost(0),
        r -> r.distanceAtMost(1),
        r -> r.distanceAtMost(Double.NaN),
        r -> r.missingChangeAtMost(-0.1),
        r -> r.missingChangeAtMost(2),
        r -> r.unseenShareAtMost(-0.1),
        r -> r.unseenShareAtMost(1),
        r -> r.unseenShareAtMost(Double.NaN));
  }

  @ParameterizedTest
  @MethodSource("nonsense")
  void boundsThatMakeNoSenseAreRefused(Consumer<ReferenceExpectations> bounds) {
    DatasetProfile reference = DatasetProfile.of(texts(10, row -> "A"));

    assertThatThrownBy(() -> only(texts(1, row -> "A"), reference, bounds))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("of column \"x\" is ");
  }

  @Test
  void timesHaveNoDistance() {
    Dataset times = column(ColumnType.TIMESTAMP, 5, row -> Instant.EPOCH);
    DatasetProfile reference = DatasetProfile.of(times);

    assertThatThrownBy(() -> distance(times, reference, 0.1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("which has TIMESTAMP");
    assertThatThrownBy(
            () -> unseen(numbers(1, row -> 1.0), DatasetProfile.of(numbers(1, row -> 1.0)), 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is for STRING whose values");
  }

  private static long[] sample(Random random, int groups, double skew, int rows) {
    long[] counts = new long[groups];
    for (int i = 0; i < rows; i++) {
      counts[(int) (groups * Math.pow(random.nextDouble(), 1 + skew))]++;
    }
    return counts;
  }

  private static double measured(ExpectationResult result) {
    String found = result.found();
    return Double.parseDouble(
        found.substring("total variation ".length(), "total variation 0.0000".length()));
  }

  private static ExpectationResult distance(Dataset data, DatasetProfile reference, double bound) {
    return only(data, reference, r -> r.distanceAtMost(bound));
  }

  private static ExpectationResult missingChange(
      Dataset data, DatasetProfile reference, double bound) {
    return only(data, reference, r -> r.missingChangeAtMost(bound));
  }

  private static ExpectationResult unseen(Dataset data, DatasetProfile reference, double share) {
    return only(data, reference, r -> r.unseenShareAtMost(share));
  }

  private static ExpectationResult only(
      Dataset data, DatasetProfile reference, Consumer<ReferenceExpectations> bounds) {
    return Expectations.named("one")
        .column("x", c -> c.against(reference, bounds))
        .build()
        .check(data)
        .results()
        .get(1);
  }

  private static Dataset texts(int rows, IntFunction<@Nullable String> values) {
    return column(ColumnType.STRING, rows, values::apply);
  }

  private static Dataset numbers(int rows, IntFunction<@Nullable Object> values) {
    return column(ColumnType.FLOAT64, rows, values);
  }

  private static Dataset column(ColumnType type, int rows, IntFunction<@Nullable Object> values) {
    DatasetBuilder builder = Dataset.builder(Schema.builder().optional("x", type).build());
    for (int row = 0; row < rows; row++) {
      builder.add(values.apply(row));
    }
    return builder.build();
  }
}
