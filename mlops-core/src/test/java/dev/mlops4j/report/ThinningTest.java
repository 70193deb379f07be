package dev.mlops4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ThinningTest {

  @Test
  void aShortSeriesIsKeptWhole() {
    assertThat(Thinning.kept(new double[] {3, Double.NaN, 1, 2, 9}, 5))
        .containsExactly(0, 1, 2, 3, 4);
    assertThat(Thinning.kept(new double[0], 5)).isEmpty();
  }

  @Test
  void ofAnySeriesTheEndsAndTheExtremesAreKeptInOrderAndNoMoreThanAllowed() {
    Random random = new Random(1);
    for (int round = 0; round < 500; round++) {
      double[] values = random.doubles(1 + random.nextInt(3_000)).toArray();
      int most = 5 + random.nextInt(200);
      int[] kept = Thinning.kept(values, most);
      assertThat(kept).hasSizeLessThanOrEqualTo(most).isSorted().doesNotHaveDuplicates();
      assertThat(kept[0]).isZero();
      assertThat(kept[kept.length - 1]).isEqualTo(values.length - 1);
      double[] left = Arrays.stream(kept).mapToDouble(i -> values[i]).toArray();
      assertThat(Arrays.stream(left).max()).isEqualTo(Arrays.stream(values).max());
      assertThat(Arrays.stream(left).min()).isEqualTo(Arrays.stream(values).min());
      assertThat(Thinning.kept(values, most)).isEqualTo(kept);
    }
  }

  @Test
  void aSpikeAndAGapOfOneValueStay() {
    double[] values = new double[100_000];
    values[41_234] = 1;
    values[70_001] = Double.NaN;
    values[80_001] = Double.NEGATIVE_INFINITY;
    assertThat(Thinning.kept(values, 500)).contains(41_234, 70_001, 80_001);
  }

  @Test
  void fewerThanFiveCannotBeAskedFor() {
    assertThatThrownBy(() -> Thinning.kept(new double[9], 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found 4");
  }
}
