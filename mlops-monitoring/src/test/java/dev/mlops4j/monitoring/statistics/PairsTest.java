package dev.mlops4j.monitoring.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Schema;
import dev.mlops4j.profile.CategorySummary;
import dev.mlops4j.profile.DatasetProfile;
import dev.mlops4j.profile.ProfileSeries;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PairsTest {

  private static double[] draws(int size, DoubleSupplier draw) {
    double[] draws = new double[size];
    Arrays.setAll(draws, i -> draw.getAsDouble());
    return draws;
  }

  private static Dataset numbers(double[] values) {
    DatasetBuilder builder =
        Dataset.builder(Schema.builder().optional("x", ColumnType.FLOAT64).build());
    for (double value : values) {
      builder.add(value);
    }
    return builder.build();
  }

  private static Dataset texts(String... values) {
    DatasetBuilder builder =
        Dataset.builder(Schema.builder().optional("x", ColumnType.STRING).build());
    for (String value : values) {
      builder.add(value);
    }
    return builder.build();
  }

  @Test
  void aPairOfProfilesOfFewNumbersIsThatOfTheNumbers() {
    Random random = new Random(1);
    double[] reference = draws(500, () -> random.nextInt(40));
    double[] current = draws(300, () -> random.nextInt(50));
    NumericPair ofValues = NumericPair.of(reference, current);
    NumericPair ofProfiles =
        NumericPair.of(
            DatasetProfile.of(numbers(reference)).numbers("x"),
            DatasetProfile.of(numbers(current)).numbers("x"));
    assertThat(ofProfiles.exact()).isTrue();
    assertThat(KolmogorovSmirnov.of(ofProfiles)).isEqualTo(KolmogorovSmirnov.of(ofValues));
    assertThat(Wasserstein.distance(ofProfiles)).isEqualTo(Wasserstein.distance(ofValues));
  }

  @Test
  void aPairOfProfilesWithCommonBinsIsNearThatOfTheNumbers() {
    Random random = new Random(2);
    double[] reference = draws(20_000, () -> 1018 + 7 * random.nextGaussian());
    double[] current = draws(5_000, () -> 1020 + 7 * random.nextGaussian());
    DatasetProfile first = ProfileSeries.of(numbers(reference)).overall();
    NumericPair binned =
        NumericPair.of(first.numbers("x"), DatasetProfile.of(numbers(current), first).numbers("x"));
    NumericPair exact = NumericPair.of(reference, current);
    assertThat(binned.exact()).isFalse();
    assertThat(KolmogorovSmirnov.distance(binned))
        .isCloseTo(KolmogorovSmirnov.distance(exact), within(1 / 128.0))
        .isLessThanOrEqualTo(KolmogorovSmirnov.distance(exact));
    assertThatThrownBy(() -> Wasserstein.distance(binned))
        .isInstanceOf(BinnedNumbersException.class)
        .hasMessageContaining("give arrays");
    assertThatThrownBy(() -> Wasserstein.inDeviations(binned))
        .isInstanceOf(BinnedNumbersException.class);
  }

  @Test
  void aPairOfProfilesWithoutCommonBinsIsWithinTheirError() {
    Random random = new Random(3);
    double[] reference = draws(20_000, () -> Math.exp(random.nextGaussian()));
    double[] current = draws(5_000, () -> 1.2 * Math.exp(random.nextGaussian()));
    NumericPair binned =
        NumericPair.of(
            DatasetProfile.of(numbers(reference)).numbers("x"),
            DatasetProfile.of(numbers(current)).numbers("x"));
    NumericPair exact = NumericPair.of(reference, current);
    assertThat(KolmogorovSmirnov.distance(binned))
        .isCloseTo(KolmogorovSmirnov.distance(exact), within(0.01));
  }

  @Test
  void categoriesOfProfilesStandSideBySide() {
    CategoryPair pair =
        CategoryPair.of(
            DatasetProfile.of(texts("a", "a", "b", "c")).categories("x"),
            DatasetProfile.of(texts("b", "d", "d")).categories("x"));
    assertThat(pair.size()).isEqualTo(4);
    assertThat(pair.name(3)).isEqualTo("d");
    assertThat(pair.currentCount(3)).isEqualTo(2);
    UnseenCategories unseen = UnseenCategories.of(pair);
    assertThat(unseen.names()).containsExactly("d");
    assertThat(unseen.share()).isEqualTo(2 / 3.0);
    assertThat(unseen.expectedShare()).isEqualTo(0.5);
  }

  @Test
  void categoriesCountedTogetherInAProfileAreOthersInParts() {
    String[] many = new String[3_000];
    Arrays.setAll(many, i -> "N" + i);
    CategoryPair pair =
        CategoryPair.of(
            DatasetProfile.of(texts(many)).categories("x"),
            DatasetProfile.of(texts(many)).categories("x"));
    assertThat(pair.size()).isEqualTo(1_000 + CategorySummary.PARTS);
    assertThat(pair.named()).isEqualTo(1_000);
    assertThat(pair.name(1_000)).isEqualTo("(others 0)");
    assertThat(IntStream.range(1_000, pair.size()).mapToLong(pair::referenceCount).sum())
        .isEqualTo(2_000);
    assertThat(TotalVariation.distance(pair)).isZero();
  }

  /** What is counted by itself on one side is compared in its part. */
  @Test
  void partsAreOfTheSameCategoriesOnBothSides() {
    String[] many = new String[3_000];
    Arrays.setAll(many, i -> "N" + i);
    String[] half = new String[1_500];
    Arrays.setAll(half, i -> "N" + 2 * i);
    CategorySummary all = DatasetProfile.of(texts(many)).categories("x");
    CategorySummary few = DatasetProfile.of(texts(half)).categories("x");
    CategoryPair pair = CategoryPair.of(all, few);
    long[] first = new long[CategorySummary.PARTS];
    long[] second = new long[CategorySummary.PARTS];
    for (int i = 0; i < many.length; i++) {
      if (all.count(many[i]).isEmpty() || few.count(many[i]).isEmpty()) {
        first[CategorySummary.partOf(many[i])]++;
        second[CategorySummary.partOf(many[i])] += i % 2 == 0 ? 1 : 0;
      }
    }
    for (int part = 0; part < CategorySummary.PARTS; part++) {
      assertThat(pair.name(pair.named() + part)).isEqualTo(CategoryPair.others(part));
      assertThat(pair.referenceCount(pair.named() + part)).isEqualTo(first[part]);
      assertThat(pair.currentCount(pair.named() + part)).isEqualTo(second[part]);
    }
    assertThat(pair.referenceSize()).isEqualTo(3_000);
    assertThat(pair.currentSize()).isEqualTo(1_500);
  }

  @Test
  void theMissingRateIsTestedExactlyWhereItIsRare() {
    MissingRate few = MissingRate.of(0, 1_000, 3, 100);
    assertThat(few.p()).isEqualTo(FisherExact.of(0, 1_000, 3, 97));
    assertThat(few.currentShare()).isEqualTo(0.03);
    MissingRate many = MissingRate.of(100, 1_000, 30, 100);
    assertThat(many.p()).isEqualTo(ShareTest.of(100, 1_000, 30, 100).p());
    assertThat(many.effect()).isGreaterThan(0.5);
  }

  @Test
  void rareCategoriesAreTestedTogether() {
    CategoryPair pair =
        CategoryPair.of(Map.of("a", 900L, "b", 98L, "c", 2L), Map.of("a", 90L, "b", 5L, "d", 5L));
    CategoryPair frequent = pair.withRareTogether(ChiSquare.MIN_EXPECTED);
    assertThat(frequent.size()).isEqualTo(3);
    assertThat(frequent.name(2)).isEqualTo(CategoryPair.RARE);
    assertThat(frequent.currentCount(2)).isEqualTo(5);
    double ofRare = FisherExact.of(2, 998, 5, 95);
    double ofRest = ChiSquare.of(CategoryPair.of(new long[] {900, 98}, new long[] {90, 5})).p();
    assertThat(ChiSquare.ofFrequent(pair).p())
        .isCloseTo(Math.min(2 * ofRare, Math.max(ofRare, ofRest)), within(1e-15));
  }

  @Test
  void theGreatestNumbersHaveAWassersteinDistance() {
    double max = Double.MAX_VALUE;
    NumericPair same = NumericPair.of(new double[] {-max, max}, new double[] {-max, max});
    assertThat(Wasserstein.distance(same)).isZero();
    assertThat(Wasserstein.inDeviations(same)).isZero();
    NumericPair half = NumericPair.of(new double[] {-max, max}, new double[] {-max, -max});
    assertThat(Wasserstein.distance(half)).isEqualTo(max);
    assertThat(Wasserstein.inDeviations(half)).isCloseTo(1, within(1e-15));
    NumericPair most = NumericPair.of(new double[] {-max}, new double[] {max});
    assertThat(Wasserstein.distance(most)).isInfinite();
  }

  @Test
  void oneNumberAloneIsNoEvidence() {
    NumericPair pair = NumericPair.of(new double[] {3, 3, 3}, new double[] {3, 3});
    assertThat(KolmogorovSmirnov.of(pair)).isEqualTo(new TestResult(0, 1));
    assertThat(Wasserstein.inDeviations(pair)).isZero();
    assertThat(MannWhitney.of(pair)).isEqualTo(new TestResult(0.5, 1));
    assertThat(AndersonDarling.of(pair).p()).isEqualTo(1);
    assertThat(CramerVonMises.of(pair).p()).isGreaterThan(0.99);
    assertThat(ChiSquare.of(pair.asCategories())).isEqualTo(new TestResult(0, 1));
    assertThat(ShareTest.of(0, 5, 0, 7)).isEqualTo(new TestResult(0, 1));
    NumericPair moved = NumericPair.of(new double[] {3, 3, 3}, new double[] {4});
    assertThat(Wasserstein.inDeviations(moved)).isInfinite();
  }

  @Test
  void whatIsNoSampleIsRefusedWithTheReason() {
    assertThatThrownBy(() -> NumericPair.of(new double[0], new double[] {1}))
        .hasMessage("the reference sample is empty");
    assertThatThrownBy(() -> NumericPair.of(new double[] {1}, new double[] {2, Double.NaN}))
        .hasMessage("value 1 of the current sample is NaN; count these apart");
    assertThatThrownBy(() -> CategoryPair.of(new long[] {1, -1}, new long[] {1, 1}))
        .hasMessage("count 1 of the reference sample is -1");
    assertThatThrownBy(() -> CategoryPair.of(new long[] {1}, new long[] {1, 1}))
        .hasMessageContaining("counts of 1 categories, the current sample of 2");
    assertThatThrownBy(() -> NumericPair.ofCounts(new double[] {2, 1}, new long[2], new long[2]))
        .hasMessage("values must be finite and ascending, found 1.0 at 1");
    assertThatThrownBy(() -> ShareTest.of(3, 2, 0, 1))
        .hasMessage("3 of 2 is no share of the reference sample");
    NumericPair few = NumericPair.of(new double[] {1}, new double[] {2, 3});
    assertThatThrownBy(() -> AndersonDarling.of(few)).hasMessageContaining("at least 4 numbers");
    assertThatThrownBy(() -> CramerVonMises.of(few)).hasMessageContaining("at least 2 numbers");
    assertThatThrownBy(() -> few.inBins()).hasMessageContaining("at least one edge");
    assertThatThrownBy(
            () -> PopulationStabilityIndex.of(CategoryPair.of(new long[] {1}, new long[] {1}), 0))
        .hasMessage("what stands for an empty share must be over 0 and under 1, found 0.0");
  }
}
