package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.evaluation.Evaluation;
import dev.mlops4j.evaluation.Interval;
import dev.mlops4j.evaluation.MeanMetric;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowFiguresTest {

  private static final List<String> CLASSES = List.of("a", "b", "c");

  private final Random random = new Random(2);
  private final double[] scores = random.doubles(500).toArray();

  private static Map<String, Estimate> figures(Evaluation evaluation, boolean labelsShown) {
    return WindowFigures.of(new Performance(1000, 500, 0.5, 0.5, evaluation), labelsShown);
  }

  private Evaluation binary() {
    double[] labels = new double[scores.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = random.nextDouble() < scores[i] ? 1 : 0;
    }
    return Evaluation.binary(scores, labels);
  }

  private Evaluation multiclass() {
    double[][] rows = new double[90][];
    String[] labels = new String[rows.length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = random.doubles(3).toArray();
      labels[i] = CLASSES.get(i % 3);
    }
    return Evaluation.multiclass(CLASSES, rows, List.of(labels));
  }

  private static void assertSame(Estimate figure, Evaluation evaluation, String metric) {
    Interval interval = evaluation.intervals().get(metric);
    assertThat(interval).as(metric).isNotNull();
    assertThat(figure)
        .as(metric)
        .isEqualTo(
            new Estimate(evaluation.metrics().get(metric), interval.lower(), interval.upper()));
  }

  @Test
  void figuresAreThoseOfTheEvaluationWithTheirIntervals() {
    Evaluation binary = binary();
    Map<String, Estimate> figures = figures(binary, true);
    assertThat(figures.keySet())
        .filteredOn(name -> !WindowFigures.isMore(name))
        .containsExactly(
            "auc",
            "average_precision",
            "log_loss",
            "accuracy",
            "f1",
            "predicted",
            "actual",
            "coverage");
    for (String metric : List.of("auc", "average_precision", "log_loss", "accuracy", "f1")) {
      assertSame(figures.get(metric), binary, metric);
    }
    assertSame(figures.get("predicted"), binary, "mean_prediction");
    assertSame(figures.get("actual"), binary, "actual_share");
    assertThat(figures.get("coverage").value()).isEqualTo(0.5);
    assertThat(figures.get("coverage").low()).isNaN();
    assertSame(figures.get("brier"), binary, "brier");
    assertThat(figures).containsKeys("precision", "recall", "calibration_error");
  }

  @Test
  void eachTaskHasItsOwn() {
    Evaluation multiclass = multiclass();
    Map<String, Estimate> ofClasses = figures(multiclass, true);
    assertThat(ofClasses.keySet())
        .filteredOn(name -> !WindowFigures.isMore(name))
        .containsExactly("auc_ovr", "log_loss", "accuracy", "f1_macro", "coverage");
    assertSame(ofClasses.get("auc_ovr"), multiclass, "auc_ovr");
    assertSame(ofClasses.get("f1_macro"), multiclass, "f1_macro");
    Evaluation regression = Evaluation.regression(scores, random.doubles(500).toArray());
    Map<String, Estimate> ofNumbers = figures(regression, true);
    assertThat(ofNumbers.keySet())
        .filteredOn(name -> !WindowFigures.isMore(name))
        .containsExactly("mae", "rmse", "r2", "predicted", "actual", "coverage");
    assertSame(ofNumbers.get("r2"), regression, "r2");
    assertSame(ofNumbers.get("actual"), regression, "mean_actual");
  }

  @Test
  void aFunctionWhoseNameEndsLikeThoseOfCountsIsShown() {
    Performance performance =
        new Performance(
            1000, 500, 0.5, 0.5, binary(), Map.of("detectives", new MeanMetric(500, 2, null)));
    Map<String, Estimate> figures = WindowFigures.of(performance, true);
    assertThat(figures.get("detectives").value()).isEqualTo(2);
    assertThat(WindowFigures.isMetric("detectives")).isTrue();
    assertThat(figures)
        .doesNotContainKeys("true_positives", "false_negatives", "positives", "rows");
  }

  /** Else it would replace the metric of that name, or have no chart. */
  @ParameterizedTest
  @ValueSource(strings = {"auc", "mape", "f1_macro", "true_positives", "rows", "coverage"})
  void aFunctionWithTheNameOfAFigureOfAnyTaskIsRefused(String name) {
    assertThatThrownBy(
            () ->
                Monitor.of(TestData.MODEL, TestData.LATE)
                    .metric(name, prediction -> 1)
                    .metric("detectives", prediction -> 1)
                    .build())
        .isInstanceOfSatisfying(
            MonitorConfigurationException.class,
            e ->
                assertThat(e.problems())
                    .contains(
                        "metric(\""
                            + name
                            + "\", value) is not accepted: evaluations or reports have a figure of"
                            + " this name, take another")
                    .noneMatch(problem -> problem.contains("detectives")));
  }

  @Test
  void whatIsMadeOfASensitiveTargetIsLeftOut() {
    assertThat(figures(binary(), false)).containsOnlyKeys("predicted", "coverage");
    assertThat(figures(multiclass(), false)).containsOnlyKeys("coverage");
  }

  @Test
  void eachMetricThatIsShownSaysHowItsIntervalIsMade() {
    assertThat(figures(binary(), true).keySet().stream().filter(WindowFigures::isMetric))
        .allSatisfy(
            name -> {
              assertThat(WindowFigures.method(name)).isNotEmpty();
              assertThat(WindowFigures.words(name)).doesNotContain("_");
            });
  }
}
