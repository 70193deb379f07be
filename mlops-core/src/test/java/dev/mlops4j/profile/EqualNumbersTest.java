package dev.mlops4j.profile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.data.ColumnType;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EqualNumbersTest {

  private static final double[] ODD = {
    0.0,
    -0.0,
    Double.NaN,
    Double.longBitsToDouble(0x7FF8000000000001L),
    Double.POSITIVE_INFINITY,
    Double.NEGATIVE_INFINITY,
    Double.MAX_VALUE,
    -Double.MAX_VALUE,
    Double.MIN_VALUE
  };

  private final Random random = new Random(11);

  @Test
  void theSummaryIsThatOfTheNumbersOneByOne() {
    int[] sizes = {0, 1, 2, 63, 64, 65, 300, 5_000, 60_000};
    for (int size : sizes) {
      check(size, () -> random.nextInt(3));
      check(size, () -> random.nextInt(70));
      check(size, () -> random.nextInt(2_000) - 1_000);
      check(size, () -> ODD[random.nextInt(ODD.length)]);
      check(size, random::nextGaussian);
      check(size, () -> random.nextInt(10) == 0 ? random.nextGaussian() : random.nextInt(50));
    }
  }

  @Test
  void itIsAlsoWhereTheTableIsEmptiedAgainAndAgainAndThenGivenUp() {
    int[] next = {0};
    // 6,000 numbers in turn for a while, then every number once.
    check(400_000, () -> next[0] < 200_000 ? next[0]++ / 40 % 6_000 : next[0]++);
  }

  private void check(int size, DoubleSupplier numbers) {
    double[] drawn = new double[size];
    Arrays.setAll(drawn, i -> numbers.getAsDouble());
    BinEdges edges =
        size % 2 == 0
            ? null
            : BinEdges.ofQuantiles(Arrays.stream(drawn).filter(Double::isFinite).toArray());
    NumericAccumulator oneByOne = new NumericAccumulator(edges);
    Arrays.stream(drawn).forEach(oneByOne::add);
    assertThat(profile(together(drawn, size, edges))).isEqualTo(profile(oneByOne.summary()));
    assertThat(profile(together(drawn, 10, edges))).isEqualTo(profile(oneByOne.summary()));
  }

  private static NumericSummary together(double[] drawn, int rows, @Nullable BinEdges edges) {
    EqualNumbers numbers = new EqualNumbers(new NumericAccumulator(edges), rows);
    Arrays.stream(drawn).forEach(numbers::add);
    return numbers.summary();
  }

  private static DatasetProfile profile(NumericSummary summary) {
    ColumnProfile column = ColumnProfile.countsOnly("x", ColumnType.FLOAT64, false, 0, 0);
    return new DatasetProfile(0, List.of(column.with(summary)));
  }
}
