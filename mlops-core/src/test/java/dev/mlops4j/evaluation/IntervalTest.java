package dev.mlops4j.evaluation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
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
    assertThat(perfect.intervals())
        .doesNotContainKeys("auc", "average_precision")
        .containsKey("accuracy");
    assertThat(Evaluation.regression(new double[] {1}, new double[] {2}).intervals()).isEmpty();
    assertThat(Evaluation.regression(new double[] {3, 3, 3}, new double[] {2, 3, 4}).intervals())
        .as("each error is as large as the distance from the mean")
        .doesNotContainKey("r2");
  }

  @Test
  void allMetricsButCountsAndTheCalibrationErrorHaveAnInterval() {
    Random random = new Random(3);
    int n = 200;
    double[] scores = random.doubles(n).toArray();
    double[] labels = random.doubles(n).map(Math::round).toArray();
    double[][] probabilities = new double[n][];
    String[] classes = new String[n];
    for (int i = 0; i < n; i++) {
      probabilities[i] = random.doubles(3).toArray();
      classes[i] = List.of("a", "b", "c").get(i % 3);
    }
    assertThat(without(Evaluation.binary(scores, labels)))
        .containsExactly(
            "calibration_error",
            "rows",
            "positives",
            "true_positives",
            "false_positives",
            "true_negatives",
            "false_negatives");
    assertThat(
            without(Evaluation.multiclass(List.of("a", "b", "c"), probabilities, List.of(classes))))
        .containsExactly("calibration_error", "rows");
    RegressionEvaluation regression = Evaluation.regression(scores, labels);
    assertThat(without(regression)).containsExactly("rows");
    assertThat(regression.pinballInterval(0.9).orElseThrow().contains(regression.pinballLoss(0.9)))
        .isTrue();
  }

  private static List<String> without(Evaluation evaluation) {
    evaluation
        .intervals()
        .forEach(
            (name, interval) ->
                assertThat(interval.contains(evaluation.metrics().get(name))).as(name).isTrue());
    return evaluation.metrics().keySet().stream()
        .filter(name -> !evaluation.intervals().containsKey(name))
        .toList();
  }

  @Test
  void f1HasAnEndThatIsNotItselfWhereItIsNoneOrAll() {
    boolean[] labels = {true, true, false, false, false};
    Interval none = f1(new double[] {0.1, 0.2, 0.1, 0.3, 0.2}, labels);
    assertThat(none.lower()).isZero();
    assertThat(none.upper()).isBetween(0.7, 0.9);
    Interval all = f1(new double[] {0.9, 0.8, 0.1, 0.3, 0.2}, labels);
    assertThat(all.upper()).isEqualTo(1);
    assertThat(all.lower()).isBetween(0.4, 0.6);
    assertThat(Evaluation.binary(new double[] {0.1}, new boolean[] {false}).intervals())
        .as("nothing was predicted nor came true")
        .doesNotContainKey("f1");
  }

  private static Interval f1(double[] scores, boolean[] labels) {
    return Objects.requireNonNull(Evaluation.binary(scores, labels).intervals().get("f1"));
  }

  @Test
  void oneYesDoesNotSayHowMuchAnotherWouldDiffer() {
    double[] scores = {0.1, 0.6, 0.3, 0.8};
    assertThat(Evaluation.binary(scores, new boolean[] {false, true, false, false}).intervals())
        .doesNotContainKeys("auc", "average_precision");
    assertThat(Evaluation.binary(scores, new boolean[] {false, true, true, false}).intervals())
        .containsKeys("auc", "average_precision");
  }

  @Test
  void ofTwoClassesTheAreaHasDeLongsInterval() {
    Random random = new Random(5);
    int n = 90;
    double[] scores = random.doubles(n).map(score -> Math.round(32 * score) / 32.0).toArray();
    boolean[] yes = new boolean[n];
    String[] labels = new String[n];
    double[][] both = new double[n][];
    for (int i = 0; i < n; i++) {
      yes[i] = random.nextDouble() < scores[i];
      labels[i] = yes[i] ? "yes" : "no";
      both[i] = new double[] {1 - scores[i], scores[i]};
    }
    Interval deLong = Evaluation.binary(scores, yes).intervals().get("auc");
    Evaluation multiclass = Evaluation.multiclass(List.of("no", "yes"), both, List.of(labels));
    for (String name : List.of("auc_ovr", "auc_ovr_weighted")) {
      Interval interval = multiclass.intervals().get(name);
      assertThat(interval.lower()).as(name).isCloseTo(deLong.lower(), within(1e-12));
      assertThat(interval.upper()).as(name).isCloseTo(deLong.upper(), within(1e-12));
    }
  }

  @Test
  void classesThatSayNothingLeaveAveragesWithoutIntervals() {
    List<String> classes = List.of("a", "b", "c");
    double[][] rows = {{0.8, 0.1, 0.1}, {0.5, 0.3, 0.2}, {0.2, 0.7, 0.1}, {0.4, 0.6, 0}};
    assertThat(Evaluation.multiclass(classes, rows, List.of("a", "a", "a", "a")).intervals())
        .as("one class only")
        .containsKey("accuracy")
        .doesNotContainKeys("auc_ovr", "auc_ovr_weighted");
    assertThat(Evaluation.multiclass(classes, rows, List.of("a", "a", "b", "c")).intervals())
        .as("a class of one row")
        .containsKeys("f1_macro", "precision_macro")
        .doesNotContainKeys("auc_ovr", "auc_ovr_weighted");
    assertThat(Evaluation.multiclass(classes, rows, List.of("a", "a", "b", "b")).intervals())
        .as("all is right")
        .containsOnlyKeys(
            "accuracy",
            "log_loss",
            "brier",
            "precision_micro",
            "recall_micro",
            "recall_weighted",
            "f1_micro");
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
