package dev.mlops4j.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class OrderStatisticsTest {

  @Test
  void theValuesOfRanksAreThoseOfTheSortedValues() {
    Random random = new Random(9);
    DoubleUnaryOperator[] shapes = {
      u -> u,
      u -> 1018 + 7 * u,
      u -> -Math.log(u),
      u -> Math.floor(u * 5),
      u -> 3.25,
      u -> u < 0.001 ? 1e300 : u,
      u -> (u - 0.5) * Double.MAX_VALUE * 2,
      u -> u * Double.MIN_NORMAL,
      u -> u < 0.5 ? -0.0 : 0.0,
      u -> u < 0.5 ? 1.0 : Math.nextUp(1.0)
    };
    for (DoubleUnaryOperator shape : shapes) {
      for (int n : new int[] {1, 2, 3, 127, 128, 10_000}) {
        double[] values = random.doubles(n).map(shape).toArray();
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int[] ranks = IntStream.of(0, n / 3, n / 3, n / 2, n - 1).toArray();
        assertThat(Arrays.stream(OrderStatistics.atRanks(values, ranks)).map(v -> v + 0.0))
            .containsExactly(
                Arrays.stream(ranks).mapToObj(rank -> sorted[rank] + 0.0).toArray(Double[]::new));
      }
    }
  }
}
