package dev.mlops4j.monitoring.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;

class ClassifierTwoSampleTest {

  private static double[][] rows(Random random, int size, double correlation, double missing) {
    double[][] rows = new double[size][3];
    for (double[] row : rows) {
      row[0] = random.nextGaussian();
      row[1] =
          correlation * row[0] + Math.sqrt(1 - correlation * correlation) * random.nextGaussian();
      row[2] = random.nextDouble() < missing ? Double.NaN : random.nextInt(4);
    }
    return rows;
  }

  @Test
  void rowsWithoutColumnsAreRefused() {
    assertThatThrownBy(() -> ClassifierTwoSample.of(new double[40][0], new double[40][0], 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the rows have no columns; give at least one");
  }

  @Test
  void samplesOfOneKindCannotBeToldApart() {
    int rounds = 200;
    int alarms = 0;
    for (int i = 0; i < rounds; i++) {
      Random random = new Random(i);
      TestResult test =
          ClassifierTwoSample.of(rows(random, 80, 0, 0.1), rows(random, 60, 0, 0.1), i);
      alarms += test.p() <= 0.05 ? 1 : 0;
    }
    // If the rate is 5 %, more come up once in a million runs.
    assertThat(alarms)
        .isLessThanOrEqualTo(
            new BinomialDistribution(null, rounds, 0.05).inverseCumulativeProbability(1 - 1e-6));
  }

  @Test
  void columnsThatNoLongerGoTogetherAreFoundThoughEachIsAsItWas() {
    Random random = new Random(5);
    TestResult test =
        ClassifierTwoSample.of(rows(random, 1_500, 0.9, 0.1), rows(random, 1_500, 0, 0.1), 1);
    assertThat(test.statistic()).isGreaterThan(0.65);
    assertThat(test.p()).isLessThan(1e-9);
  }

  @Test
  void valuesThatGoMissingAreFound() {
    Random random = new Random(6);
    TestResult test = ClassifierTwoSample.of(rows(random, 600, 0, 0), rows(random, 600, 0, 0.3), 1);
    assertThat(test.p()).isLessThan(1e-6);
  }

  @Test
  void theSameSeedGivesTheSameResult() {
    Random random = new Random(7);
    double[][] reference = rows(random, 100, 0, 0);
    double[][] current = rows(random, 100, 0.5, 0);
    assertThat(ClassifierTwoSample.of(reference, current, 9))
        .isEqualTo(ClassifierTwoSample.of(reference, current, 9))
        .isNotEqualTo(ClassifierTwoSample.of(reference, current, 10));
  }

  @Test
  void anotherClassifierMayBeGiven() {
    Random random = new Random(8);
    double[][] reference = rows(random, 100, 0, 0);
    double[][] current = rows(random, 100, 0, 0);
    for (double[] row : current) {
      row[0] += 10;
    }
    TestResult test =
        ClassifierTwoSample.of(reference, current, 1, (rows, isCurrent) -> row -> row[0]);
    assertThat(test.statistic()).isEqualTo(1);
  }

  @Test
  void tooFewOrUnequalRowsAreRefused() {
    double[][] rows = rows(new Random(1), 30, 0, 0);
    assertThatThrownBy(() -> ClassifierTwoSample.of(rows, rows(new Random(1), 19, 0, 0), 1))
        .hasMessage("the current sample has 19 rows, this takes 20");
    double[][] other = rows(new Random(1), 30, 0, 0);
    other[3] = new double[2];
    assertThatThrownBy(() -> ClassifierTwoSample.of(rows, other, 1))
        .hasMessage("a row of the current sample has 2 columns, not 3");
  }
}
