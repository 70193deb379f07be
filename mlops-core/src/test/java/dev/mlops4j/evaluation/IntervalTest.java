package dev.mlops4j.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

/** Whether intervals hold the true value about as often as they say, on draws with known truth. */
class IntervalTest {

  private static final int SAMPLES = 4_000;

  /** The share of samples whose interval holds the truth; 4000 tell it to about 0.7 %. */
  private static double coverage(
      double truth, BiFunction<Random, Integer, Interval> sample, int rows) {
    Random random = new Random(20240229);
    int held = 0;
    for (int i = 0; i < SAMPLES; i++) {
      held += sample.apply(random, rows).contains(truth) ? 1 : 0;
    }
    return (double) held / SAMPLES;
  }

  private static BinaryEvaluation normalScores(Random random, int rows) {
    double[] scores = new double[rows];
    boolean[] labels = new boolean[rows];
    for (int i = 0; i < rows; i++) {
      labels[i] = i % 3 == 0;
      double margin = random.nextGaussian() + (labels[i] ? 1 : 0);
      scores[i] = 1 / (1 + Math.exp(-margin));
    }
    return Evaluation.binary(scores, labels);
  }

  @Test
  void deLongHoldsTheTrueAreaUnderTheCurve() {
    // Two normal distributions one deviation apart: the normal distribution at 1 / sqrt(2).
    double truth = 0.7602499389065233;
    assertThat(coverage(truth, (random, n) -> normalScores(random, n).intervals().get("auc"), 300))
        .isBetween(0.935, 0.965);
  }

  @Test
  void wilsonHoldsTheTrueShareAlsoOfFewRows() {
    for (double share : new double[] {0.05, 0.3, 0.5}) {
      double found =
          coverage(
              share,
              (random, n) -> {
                long yes = random.doubles(n).filter(draw -> draw < share).count();
                return Interval.wilson(yes, n);
              },
              60);
      assertThat(found).as("share %s", share).isBetween(0.92, 0.98);
    }
  }

  @Test
  void theIntervalOfAMeanHoldsTheTrueMean() {
    double found =
        coverage(
            1,
            (random, n) -> {
              double[] waits = random.doubles(n).map(draw -> -Math.log1p(-draw)).toArray();
              return MeanMetric.of(waits).interval().orElseThrow();
            },
            400);
    assertThat(found).isBetween(0.93, 0.965);
  }

  @Test
  void aShareOfNoneOrAllHasAnEndThatIsNotItself() {
    assertThat(Interval.wilson(0, 10).lower()).isZero();
    assertThat(Interval.wilson(0, 10).upper()).isBetween(0.2, 0.35);
    assertThat(Interval.wilson(10, 10).upper()).isEqualTo(1);
    assertThat(Interval.wilson(10, 10).contains(0.9)).isTrue();
  }

  @Test
  void whatRowsDoNotTellHasNoInterval() {
    assertThat(MeanMetric.of(new double[] {3}).interval()).isEmpty();
    assertThat(MeanMetric.of(new double[] {3, 3, 3}).interval()).isEmpty();
    BinaryEvaluation perfect =
        Evaluation.binary(
            new double[] {0.1, 0.2, 0.8, 0.9}, new boolean[] {false, false, true, true});
    assertThat(perfect.auc()).isEqualTo(1);
    assertThat(perfect.intervals()).doesNotContainKey("auc").containsKey("accuracy");
  }

  @Test
  void metricsOfWhatIsNoNumberAreRefused() {
    assertThatThrownBy(() -> MeanMetric.of(new double[] {1, Double.NaN}))
        .isInstanceOf(EvaluationException.class)
        .hasMessage("a metric is the mean of finite numbers, found NaN in row 1");
    assertThatThrownBy(() -> MeanMetric.of(new double[0]))
        .isInstanceOf(EvaluationException.class)
        .hasMessageContaining("there are no rows");
  }

  @Test
  void theThresholdDecidesWhatCountsAsYes() {
    double[] scores = {0.1, 0.3, 0.35, 0.9};
    boolean[] labels = {false, true, false, true};
    BinaryEvaluation low = Evaluation.binary(scores, labels, 0.2);
    assertThat(low.threshold()).isEqualTo(0.2);
    assertThat(low.recall()).isEqualTo(1);
    assertThat(low.precision()).isCloseTo(2 / 3.0, within(1e-15));
    assertThat(Evaluation.binary(scores, labels, 0.5).recall()).isEqualTo(0.5);
    assertThatThrownBy(() -> Evaluation.binary(scores, labels, Double.NaN))
        .isInstanceOf(EvaluationException.class)
        .hasMessage("a threshold is a score from 0 to 1, found NaN");
  }

  @Test
  void theOrderOfMulticlassRowsMakesNoDifferenceToTheBit() {
    Random random = new Random(9);
    List<String> classes = List.of("a", "b", "c");
    double[][] rows = new double[300][];
    String[] labels = new String[300];
    double[][] shuffled = new double[300][];
    String[] shuffledLabels = new String[300];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = random.doubles(3).toArray();
      labels[i] = classes.get(random.nextInt(3));
      int other = (i * 37 + 11) % rows.length;
      shuffled[other] = rows[i];
      shuffledLabels[other] = labels[i];
    }
    assertThat(Evaluation.multiclass(classes, shuffled, Arrays.asList(shuffledLabels)))
        .isEqualTo(Evaluation.multiclass(classes, rows, Arrays.asList(labels)));
  }

  @Test
  void multiclassInputThatIsWrongIsRefused() {
    List<String> classes = List.of("a", "b");
    double[][] rows = {{0.4, 0.6}, {0.5, 0.5}};
    assertThatThrownBy(() -> Evaluation.multiclass(classes, rows, List.of("a", "z")))
        .isInstanceOf(EvaluationException.class)
        .hasMessage("a label is one of the classes [a, b], found another in row 1");
    assertThatThrownBy(() -> Evaluation.multiclass(List.of("a", "a"), rows, List.of("a", "a")))
        .hasMessage("at least two classes are needed, each once, found [a, a]");
    assertThatThrownBy(() -> Evaluation.multiclass(classes, rows, List.of("a")))
        .hasMessage("one label for each row is needed, found 2 rows and 1 labels");
    assertThatThrownBy(() -> Evaluation.multiclass(classes, new double[][] {{1}}, List.of("a")))
        .hasMessage("a row has one probability for each of 2 classes, found 1 in row 0");
    assertThatThrownBy(
            () -> Evaluation.multiclass(classes, new double[][] {{1.5, 0}}, List.of("a")))
        .hasMessage("a probability is from 0 to 1, found 1.5 in row 0");
    assertThatThrownBy(() -> Evaluation.multiclass(classes, new double[0][], List.of()))
        .hasMessageContaining("there are no rows");
  }

  @Test
  void aClassThatIsNotThereIsNamed() {
    ConfusionMatrix matrix =
        Evaluation.multiclass(List.of("a", "b"), new double[][] {{1, 0}}, List.of("a")).confusion();
    assertThat(matrix.recall("a")).isEqualTo(1);
    assertThat(matrix.precision("b")).isNaN();
    assertThatThrownBy(() -> matrix.f1("c"))
        .isInstanceOf(EvaluationException.class)
        .hasMessage("there is no class \"c\" in this matrix, which has [a, b]");
  }
}
