package dev.mlops4j.feature;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OrderFreeSumTest {

  @Test
  void isTheExactSumRoundedOnceInAnyOrder() {
    Random random = new Random(7);
    for (int round = 0; round < 3_000; round++) {
      int spread = 1 + random.nextInt(round % 3 == 0 ? 600 : 20);
      List<Double> values = new ArrayList<>();
      for (int i = random.nextInt(40); i >= 0; i--) {
        values.add(Math.scalb(random.nextDouble() - 0.5, random.nextInt(spread) - spread / 2));
        if (random.nextInt(4) == 0) {
          values.add(-values.get(random.nextInt(values.size())));
        }
      }
      double expected =
          values.stream()
              .map(BigDecimal::new)
              .reduce(BigDecimal.ZERO, BigDecimal::add)
              .doubleValue();
      for (int order = 0; order < 4; order++) {
        Collections.shuffle(values, random);
        assertThat(sum(values)).as("%s", values).isEqualTo(expected);
      }
    }
  }

  @Test
  void goesBeyondTheGreatestDoubleAndBack() {
    double max = Double.MAX_VALUE;
    assertThat(sum(List.of(max, max, -max, -max, 1.5))).isEqualTo(1.5);
    assertThat(sum(List.of(1.5, max, max, -max))).isEqualTo(max);
    assertThat(sum(List.of(max, max))).isInfinite().isPositive();
    assertThat(sum(List.of(max, max, max, -max, -max, -max, -max))).isEqualTo(-max);
  }

  @Test
  void followsTheRulesOfWhatIsNotFinite() {
    double infinity = Double.POSITIVE_INFINITY;
    assertThat(sum(List.of(1.0, infinity, -2.0))).isEqualTo(infinity);
    assertThat(sum(List.of(infinity, -infinity))).isNaN();
    assertThat(sum(List.of(Double.NaN, 1.0))).isNaN();
    assertThat(sum(List.of(-infinity, Double.MAX_VALUE))).isEqualTo(-infinity);
    assertThat(sum(List.of(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0))).isEqualTo(5.5);
    assertThat(sum(List.of())).isZero();
  }

  private static double sum(List<Double> values) {
    OrderFreeSum sum = new OrderFreeSum();
    values.forEach(sum::add);
    return sum.value();
  }
}
