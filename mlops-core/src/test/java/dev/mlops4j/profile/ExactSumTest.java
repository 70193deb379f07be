package dev.mlops4j.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

class ExactSumTest {

  private final Random random = new Random(42);

  @Test
  void sumsOfAnyFiniteDoublesAreExact() {
    for (int repetition = 0; repetition < 20; repetition++) {
      check(300, this::anyFinite);
    }
  }

  @Test
  void sumsOfOrdinaryNumbersAreExactOverManyCarries() {
    check(20_000, () -> random.nextGaussian() * 1_000);
  }

  @Test
  void carriesArePassedOnBeforeALimbIsFullWhereverTheValueLies() {
    for (int exponent = 0; exponent < Integer.SIZE; exponent++) {
      double allBitsSet = Math.scalb(Math.nextDown(2.0), exponent);
      check(10_000, () -> -allBitsSet);
    }
  }

  @Test
  void theGreatestAndTheSmallestDoublesNeitherOverflowNorVanish() {
    double[] extremes = {
      Double.MAX_VALUE,
      -Double.MAX_VALUE,
      Double.MIN_VALUE,
      -Double.MIN_VALUE,
      0.0,
      -0.0,
      Double.MIN_NORMAL,
      Math.nextDown(Double.MIN_NORMAL),
      1.0,
      -1.0
    };
    check(5_000, () -> extremes[random.nextInt(extremes.length)]);
    check(5_000, () -> -Double.MAX_VALUE);
    check(5_000, () -> Double.MIN_VALUE);
  }

  @Test
  void soManyTimesIsAsManyCalls() {
    long most = Integer.MAX_VALUE;
    long[] times = {0, 1, 2, 3, 7, 512, 65_537, most, 1L << 40};
    for (int i = 0; i < 2_000; i++) {
      double value = i % 5 == 0 ? Double.MAX_VALUE : anyFinite();
      long n = times[random.nextInt(times.length)];
      ExactSum sum = new ExactSum();
      ExactSum squares = new ExactSum();
      sum.add(1.5);
      sum.add(value, n);
      squares.addSquare(value, n);
      squares.addSquare(-0.25);
      BigDecimal exact = new BigDecimal(value);
      BigDecimal many = BigDecimal.valueOf(n);
      assertThat(sum.scaled()).isEqualTo(scaled(exact.multiply(many).add(new BigDecimal("1.5"))));
      assertThat(squares.scaled())
          .isEqualTo(scaled(exact.multiply(exact).multiply(many).add(new BigDecimal("0.0625"))));
    }
  }

  private void check(int count, DoubleSupplier values) {
    ExactSum sum = new ExactSum();
    ExactSum squares = new ExactSum();
    BigDecimal expectedSum = BigDecimal.ZERO;
    BigDecimal expectedSquares = BigDecimal.ZERO;
    for (int i = 0; i < count; i++) {
      double value = values.getAsDouble();
      sum.add(value);
      squares.addSquare(value);
      BigDecimal exact = new BigDecimal(value);
      expectedSum = expectedSum.add(exact);
      expectedSquares = expectedSquares.add(exact.multiply(exact));
    }
    assertThat(sum.scaled()).isEqualTo(scaled(expectedSum));
    assertThat(squares.scaled()).isEqualTo(scaled(expectedSquares));
  }

  private double anyFinite() {
    double value = Double.longBitsToDouble(random.nextLong());
    return Double.isFinite(value) ? value : 1.0;
  }

  private static BigInteger scaled(BigDecimal value) {
    return value
        .multiply(new BigDecimal(BigInteger.ONE.shiftLeft(ExactSum.SCALE)))
        .toBigIntegerExact();
  }
}
