package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlops4j.evaluation.BinaryEvaluation;
import dev.mlops4j.evaluation.Evaluation;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EstimatesTest {

  /** The examples of R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3. */
  @Test
  void sharesHaveWilsonsInterval() {
    assertInterval(Estimates.ofShare(81, 263), 0.2553, 0.3662);
    assertInterval(Estimates.ofShare(15, 148), 0.0624, 0.1605);
    assertInterval(Estimates.ofShare(0, 20), 0, 0.1611);
    assertInterval(Estimates.ofShare(1, 29), 0.0061, 0.1718);
    assertThat(Estimates.ofShare(0, 0).value()).isNaN();
    assertThat(Estimates.ofShare(3L << 31, 4L << 31).value()).isEqualTo(0.75);
  }

  private static void assertInterval(Estimate estimate, double low, double high) {
    assertThat(estimate.low()).isCloseTo(low, within(5e-5));
    assertThat(estimate.high()).isCloseTo(high, within(5e-5));
  }

  @Test
  void meansHaveTheNormalInterval() {
    Estimate mean = Estimates.ofMean(new double[] {1, 2, 3, 4});
    assertThat(mean.value()).isEqualTo(2.5);
    double half = 1.959963984540054 * Math.sqrt(5.0 / 3 / 4);
    assertThat(mean.low()).isCloseTo(2.5 - half, within(1e-12));
    assertThat(mean.high()).isCloseTo(2.5 + half, within(1e-12));
    assertThat(Estimates.ofMean(new double[] {7}).value()).isEqualTo(7);
    assertThat(Estimates.ofMean(new double[] {7}).low()).isNaN();
    assertThat(Estimates.ofMean(new double[0]).value()).isNaN();
    Estimate root = Estimates.ofRootMean(new double[] {0, 0, 100});
    assertThat(root.value()).isCloseTo(Math.sqrt(100 / 3.0), within(1e-12));
    assertThat(root.low()).isZero();
  }

  @Test
  void theAreaHasDelongsIntervalAsCountedPairByPair() {
    Random random = new Random(1);
    for (int run = 0; run < 50; run++) {
      int n = 4 + random.nextInt(60);
      double[] scores = random.doubles(n).map(x -> Math.round(10 * x) / 10.0).toArray();
      double[] labels = new double[n];
      for (int i = 0; i < n; i++) {
        labels[i] = i < 2 ? i : random.nextInt(2);
      }
      Estimate auc = Estimates.ofAuc(scores, labels);
      assertThat(auc.value()).isCloseTo(Evaluation.binary(scores, labels).auc(), within(1e-12));
      double error = Math.sqrt(placed(scores, labels, 1) + placed(scores, labels, 0));
      if (Double.isNaN(error) || error < 1e-12) {
        assertThat(auc.low()).isNaN();
        assertThat(auc.high()).isNaN();
      } else {
        assertThat(auc.low())
            .isCloseTo(Math.max(0, auc.value() - 1.959963984540054 * error), within(1e-9));
        assertThat(auc.high())
            .isCloseTo(Math.min(1, auc.value() + 1.959963984540054 * error), within(1e-9));
      }
    }
  }

  /** The variance of the placements of one kind of rows, over their number. */
  private static double placed(double[] scores, double[] labels, double kind) {
    double sum = 0;
    double squares = 0;
    int n = 0;
    for (int i = 0; i < scores.length; i++) {
      if (labels[i] == kind) {
        double right = 0;
        int others = 0;
        for (int j = 0; j < scores.length; j++) {
          if (labels[j] != kind) {
            others++;
            right += scores[i] == scores[j] ? 0.5 : (scores[i] > scores[j]) == (kind == 1) ? 1 : 0;
          }
        }
        double placement = right / others;
        sum += placement;
        squares += placement * placement;
        n++;
      }
    }
    return n < 2 ? Double.NaN : (squares - sum * sum / n) / (n - 1) / n;
  }

  @Test
  void whereEveryRowIsPlacedRightTheAreaHasNoInterval() {
    Estimate auc =
        Estimates.ofAuc(new double[] {0.1, 0.2, 0.3, 0.8, 0.9}, new double[] {0, 0, 0, 1, 1});
    assertThat(auc.value()).isEqualTo(1);
    assertThat(auc.low()).isNaN();
    assertThat(auc.high()).isNaN();
  }

  @Test
  void withoutBothKindsThereIsNoArea() {
    assertThat(Estimates.ofAuc(new double[] {0.1, 0.2}, new double[] {1, 1}).value()).isNaN();
    assertThat(Estimates.ofAuc(new double[] {0.1, 0.2}, new double[] {0, 0}).value()).isNaN();
    assertThat(Estimates.ofAuc(new double[0], new double[0]).value()).isNaN();
  }

  @Test
  void figuresAreThoseOfTheEvaluation() {
    PeriodCounts counts = new PeriodCounts(java.util.List.of());
    Random random = new Random(2);
    for (int i = 0; i < 500; i++) {
      double score = random.nextDouble();
      counts.addLabelled();
      counts.addPair(score, random.nextDouble() < score ? 1 : 0);
    }
    BinaryEvaluation evaluation = Evaluation.binary(counts.predictions(), counts.labels());
    Map<String, Estimate> figures =
        WindowFigures.of(new Performance(1000, 500, 0.5, 0.5, evaluation), counts, true);
    for (String name : new String[] {"auc", "log_loss", "accuracy"}) {
      Estimate figure = figures.get(name);
      double expected = evaluation.metrics().get(name);
      assertThat(figure.value()).as(name).isCloseTo(expected, within(1e-12));
      assertThat(figure.low()).as(name).isLessThan(expected);
      assertThat(figure.high()).as(name).isGreaterThan(expected);
    }
    assertThat(figures.get("actual").value()).isEqualTo(evaluation.actualShare());
    assertThat(figures.get("coverage").value()).isEqualTo(0.5);
  }
}
