package dev.mlops4j.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class EvaluationTest {

  @Test
  void aucIsTheShareOfPairsInTheRightOrderWithTiesOneHalf() {
    Random random = new Random(7);
    for (int repetition = 0; repetition < 50; repetition++) {
      int n = 2 + random.nextInt(60);
      double[] scores = random.doubles(n).map(s -> Math.round(s * 20) / 20.0).toArray();
      boolean[] labels = new boolean[n];
      for (int i = 0; i < n; i++) {
        labels[i] = i == 0 || (i > 1 && random.nextBoolean());
      }
      long halves = 0;
      long pairs = 0;
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          if (labels[i] && !labels[j]) {
            pairs++;
            halves += scores[i] > scores[j] ? 2 : scores[i] == scores[j] ? 1 : 0;
          }
        }
      }
      assertThat(Evaluation.binary(scores, labels).auc()).isEqualTo(halves / (2.0 * pairs));
    }
  }

  @Test
  void theOrderOfTheRowsMakesNoDifferenceToTheBit() {
    Random random = new Random(8);
    int n = 500;
    double[] predicted = random.doubles(n).toArray();
    double[] actual = random.doubles(n).toArray();
    boolean[] labels = new boolean[n];
    double[] shuffledPredicted = new double[n];
    double[] shuffledActual = new double[n];
    boolean[] shuffledLabels = new boolean[n];
    for (int i = 0; i < n; i++) {
      labels[i] = actual[i] < 0.3;
      int other = (i * 37 + 11) % n;
      shuffledPredicted[other] = predicted[i];
      shuffledActual[other] = actual[i];
      shuffledLabels[other] = labels[i];
    }
    assertThat(Evaluation.binary(shuffledPredicted, shuffledLabels))
        .isEqualTo(Evaluation.binary(predicted, labels));
    assertThat(Evaluation.regression(shuffledPredicted, shuffledActual))
        .isEqualTo(Evaluation.regression(predicted, actual));
  }

  @Test
  void theArraysAreNotChanged() {
    double[] scores = {0.9, 0.1, 0.5};
    double[] labels = {1, 0, 1};
    Evaluation.binary(scores, labels);
    Evaluation.regression(scores, labels);
    assertThat(scores).containsExactly(0.9, 0.1, 0.5);
    assertThat(labels).containsExactly(1, 0, 1);
  }

  @Test
  void aScoreOfExactlyOneHalfIsANo() {
    BinaryEvaluation evaluation =
        Evaluation.binary(new double[] {0.5, Math.nextUp(0.5)}, new boolean[] {true, true});
    assertThat(evaluation.falseNegatives()).isEqualTo(1);
    assertThat(evaluation.truePositives()).isEqualTo(1);
  }

  @Test
  void metricsCannotBeChanged() {
    var metrics = Evaluation.binary(new double[] {0.5}, new boolean[] {true}).metrics();
    assertThatThrownBy(metrics::clear).isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void scoresAndLabelsOfDifferentNumberAreRefused() {
    assertThatThrownBy(() -> Evaluation.binary(new double[3], new boolean[2]))
        .isInstanceOf(EvaluationException.class)
        .hasMessage("one label for each score is needed, found 3 scores and 2 labels");
    assertThatThrownBy(() -> Evaluation.regression(new double[3], new double[2]))
        .isInstanceOf(EvaluationException.class)
        .hasMessage(
            "one actual value for each prediction is needed, found 3 predictions and 2 actual"
                + " values");
  }

  @Test
  void noRowsAreRefused() {
    String message = "nothing to evaluate: there are no rows; give at least one";
    assertThatThrownBy(() -> Evaluation.binary(new double[0], new boolean[0]))
        .isInstanceOf(EvaluationException.class)
        .hasMessage(message);
    assertThatThrownBy(() -> Evaluation.regression(new double[0], new double[0]))
        .isInstanceOf(EvaluationException.class)
        .hasMessage(message);
  }

  @Test
  void whatIsNotAProbabilityIsRefused() {
    for (double wrong : new double[] {Double.NaN, -0.1, 1.1, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(
              () -> Evaluation.binary(new double[] {0.5, wrong}, new boolean[] {true, false}))
          .isInstanceOf(EvaluationException.class)
          .hasMessage(
              "a score is a probability from 0 to 1, found %s in row 1; give the probability of a"
                  + " yes, not a margin",
              wrong);
    }
  }

  @Test
  void aLabelThatIsNeitherZeroNorOneIsRefused() {
    assertThatThrownBy(
            () -> Evaluation.binary(new double[] {0.5, 0.5}, new double[] {1, Double.NaN}))
        .isInstanceOf(EvaluationException.class)
        .hasMessage(
            "a label is 0 (no) or 1 (yes), found NaN in row 1; leave out rows whose label is not"
                + " known");
  }

  @Test
  void numbersThatAreNotFiniteAreRefused() {
    assertThatThrownBy(() -> Evaluation.regression(new double[] {Double.NaN}, new double[] {1}))
        .isInstanceOf(EvaluationException.class)
        .hasMessage(
            "a prediction must be a finite number, found NaN in row 0; leave out rows whose value is not"
                + " known");
    assertThatThrownBy(
            () -> Evaluation.regression(new double[] {1}, new double[] {Double.NEGATIVE_INFINITY}))
        .isInstanceOf(EvaluationException.class)
        .hasMessageStartingWith("an actual value must be a finite number, found -Infinity");
  }
}
