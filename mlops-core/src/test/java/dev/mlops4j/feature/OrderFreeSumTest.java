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

  /** Of one value and three times another it is half their distance, often a tie. */
  @Test
  void aDeviationBetweenTwoDoublesIsRoundedToTheEvenOne() {
    // float((Fraction(a) - Fraction(b)) / 2) in Python.
    assertThat(deviation(1.3481104177709469, -1.7396657146476435)).isEqualTo(1.5438880662092953);
    Random random = new Random(11);
    int ties = 0;
    for (int round = 0; round < 3_000; round++) {
      double one = Math.scalb(random.nextGaussian(), random.nextInt(40) - 20);
      double other = random.nextGaussian();
      BigDecimal exact =
          new BigDecimal(one).subtract(new BigDecimal(other)).abs().divide(BigDecimal.valueOf(2));
      double expected = exact.doubleValue();
      BigDecimal off = new BigDecimal(expected).subtract(exact).abs();
      ties += off.compareTo(new BigDecimal(Math.ulp(expected) / 2)) == 0 ? 1 : 0;
      assertThat(deviation(one, other)).as("%s, %s", one, other).isEqualTo(expected);
    }
    assertThat(ties).isGreaterThan(100);
  }

  private static double deviation(double one, double threeTimes) {
    OrderFreeSum sum = new OrderFreeSum();
    OrderFreeSum squares = new OrderFreeSum();
    for (double value : new double[] {one, threeTimes, threeTimes, threeTimes}) {
      sum.add(value);
      squares.addSquare(value);
    }
    return OrderFreeSum.standardDeviation(sum, squares, 4);
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
