package dev.mlops4j.monitoring.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The p-value given the ties, against every way to deal the rows to both samples. */
class ConditionalKolmogorovSmirnovTest {

  @Test
  void itIsTheShareOfTheWaysToDealTheRowsThatAreAsFarApart() {
    Random random = new Random(1995);
    for (int i = 0; i < 200; i++) {
      int n = 1 + random.nextInt(7);
      int m = 1 + random.nextInt(7);
      int distinct = 1 + random.nextInt(8);
      double[] rows = random.doubles(n + m).map(u -> Math.floor(u * distinct)).toArray();
      NumericPair pair = NumericPair.of(Arrays.copyOf(rows, n), Arrays.copyOfRange(rows, n, n + m));
      assertThat(KolmogorovSmirnov.conditional(pair).p())
          .isCloseTo(byHand(rows, n, KolmogorovSmirnov.distance(pair)), within(1e-12));
    }
  }

  private static double byHand(double[] rows, int n, double observed) {
    int ways = 0;
    int asFar = 0;
    for (int mask = 0; mask < 1 << rows.length; mask++) {
      if (Integer.bitCount(mask) == n) {
        double[] first = new double[n];
        double[] second = new double[rows.length - n];
        int i = 0;
        int j = 0;
        for (int row = 0; row < rows.length; row++) {
          if ((mask >> row & 1) == 1) {
            first[i++] = rows[row];
          } else {
            second[j++] = rows[row];
          }
        }
        ways++;
        double distance = KolmogorovSmirnov.distance(NumericPair.of(first, second));
        asFar += distance >= observed - 1e-12 ? 1 : 0;
      }
    }
    return (double) asFar / ways;
  }

  @Test
  void withoutTiesItIsTheExactOne() {
    Random random = new Random(3);
    for (int i = 0; i < 20; i++) {
      double[] reference = random.doubles(60).toArray();
      double[] current = random.doubles(45).map(u -> u + 0.1).toArray();
      NumericPair pair = NumericPair.of(reference, current);
      assertThat(KolmogorovSmirnov.conditional(pair)).isEqualTo(KolmogorovSmirnov.exact(pair));
    }
  }

  @Test
  void withTiesItIsNeverGreater() {
    Random random = new Random(4);
    for (int i = 0; i < 50; i++) {
      double[] reference = random.doubles(80).map(u -> Math.floor(u * 4)).toArray();
      double[] current = random.doubles(50).map(u -> Math.floor(u * 5)).toArray();
      NumericPair pair = NumericPair.of(reference, current);
      assertThat(KolmogorovSmirnov.conditional(pair).p())
          .isLessThanOrEqualTo(KolmogorovSmirnov.exact(pair).p());
    }
  }

  @Test
  void samplesTooLargeAreRefusedBeforeAnythingIsMade() {
    double[] one = {0};
    for (long size : new long[] {2_000_000_000, 1_500_000_000}) {
      NumericPair pair = NumericPair.ofCounts(one, new long[] {1}, new long[] {size});
      assertThatIllegalArgumentException()
          .isThrownBy(() -> KolmogorovSmirnov.conditional(pair))
          .withMessageContaining("take the limit");
    }
  }
}
