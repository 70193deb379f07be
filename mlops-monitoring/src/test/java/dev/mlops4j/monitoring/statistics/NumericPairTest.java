package dev.mlops4j.monitoring.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Pairs of samples against counting by hand. */
class NumericPairTest {

  private final Random random = new Random(20131101);

  @Test
  void aPairCountsEveryNumberOfBothSamplesWhateverTheirSizeAndHoweverTheyRepeat() {
    int[][] sizes = {{1, 1}, {1, 500}, {40, 30}, {5_000, 3_000}, {3_000, 20_000}, {70_000, 1}};
    for (int[] size : sizes) {
      check(size, u -> Math.rint(u * 5));
      check(size, u -> Math.rint(u * 3_000) - 1_000);
      check(size, u -> Math.rint(u * 20_000) / 8);
      check(size, u -> u - 0.5);
      check(size, u -> Math.copySign(0, u - 0.5));
      check(size, u -> Math.scalb(u - 0.5, random.nextInt(2_000) - 1_000));
      check(size, u -> u < 0.9 ? 0 : u < 0.95 ? Double.MAX_VALUE : -Double.MIN_VALUE);
    }
  }

  @Test
  void aNumberThatIsNotFiniteIsRefusedWithItsPlace() {
    double[] infinite = new double[10_000];
    infinite[7_777] = Double.NEGATIVE_INFINITY;
    assertThatThrownBy(() -> NumericPair.of(new double[] {1}, infinite))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("value 7777 of the current sample is -Infinity");
  }

  @Test
  void sortingGivesTheOrderOfTheNumbers() {
    for (int size : new int[] {0, 1, DoubleSort.MIN_SIZE - 1, DoubleSort.MIN_SIZE, 50_000}) {
      double[] sample = new double[size];
      Arrays.setAll(sample, i -> Double.longBitsToDouble(random.nextLong()));
      Arrays.setAll(sample, i -> Double.isFinite(sample[i]) ? sample[i] : -i);
      double[] expected = Arrays.stream(sample).map(x -> x + 0.0).sorted().toArray();
      assertThat(DoubleSort.sorted(sample)).isEqualTo(expected);
    }
  }

  private void check(int[] size, DoubleUnaryOperator made) {
    double[] reference = random.doubles(size[0]).map(made).toArray();
    double[] current = random.doubles(size[1]).map(made).toArray();
    TreeMap<Double, long[]> expected = new TreeMap<>();
    Arrays.stream(reference).forEach(x -> expected.computeIfAbsent(x + 0.0, k -> new long[2])[0]++);
    Arrays.stream(current).forEach(x -> expected.computeIfAbsent(x + 0.0, k -> new long[2])[1]++);
    NumericPair pair = NumericPair.of(reference, current);
    assertThat(pair.size()).isEqualTo(expected.size());
    assertThat(pair.referenceSize()).isEqualTo(size[0]);
    assertThat(pair.currentSize()).isEqualTo(size[1]);
    int at = 0;
    for (var entry : expected.entrySet()) {
      assertThat(Double.doubleToRawLongBits(pair.value(at)))
          .isEqualTo(Double.doubleToRawLongBits(entry.getKey()));
      assertThat(pair.referenceCount(at)).isEqualTo(entry.getValue()[0]);
      assertThat(pair.currentCount(at)).isEqualTo(entry.getValue()[1]);
      at++;
    }
    assertThat(pair.exact()).isTrue();
  }
}
