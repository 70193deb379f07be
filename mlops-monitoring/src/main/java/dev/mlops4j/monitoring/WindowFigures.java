package dev.mlops4j.monitoring;

import dev.mlops4j.evaluation.BinaryEvaluation;
import dev.mlops4j.evaluation.Evaluation;
import dev.mlops4j.evaluation.Interval;
import dev.mlops4j.evaluation.MulticlassEvaluation;
import dev.mlops4j.evaluation.RegressionEvaluation;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The figures of one window's performance, by name, each with its interval. */
final class WindowFigures {

  static final String PREDICTED = "predicted";
  static final String ACTUAL = "actual";
  static final String COVERAGE = "coverage";

  /** What {@link BinaryEvaluation#logLoss} raises a probability to at least. */
  private static final double LEAST = 0x1p-52;

  /** How each interval is made, for people. */
  private static final Map<String, String> METHODS =
      Map.of(
          "auc", "DeLong",
          "log_loss", "normal, of the mean",
          "accuracy", "Wilson",
          "mae", "normal, of the mean",
          "rmse", "normal, of the mean square");

  private WindowFigures() {}

  /**
   * Of the labelled predictions of a window.
   *
   * @param counts what the window holds; outcomes are in
   * @param labelsShown whether what is made of outcomes may be shown; else only how many there are,
   *     and what was predicted
   */
  static Map<String, Estimate> of(
      Performance performance, PeriodCounts counts, boolean labelsShown) {
    Map<String, Estimate> figures = new LinkedHashMap<>();
    if (performance.evaluation().orElse(null) instanceof MulticlassEvaluation multiclass) {
      if (labelsShown) {
        addMulticlass(figures, multiclass);
      }
    } else {
      addOfPairs(figures, performance, counts, labelsShown);
    }
    figures.put(COVERAGE, coverage(performance));
    return Collections.unmodifiableMap(figures);
  }

  private static void addMulticlass(
      Map<String, Estimate> figures, MulticlassEvaluation evaluation) {
    Map<String, Double> metrics = evaluation.metrics();
    for (String name : List.of("log_loss", "accuracy")) {
      Double value = metrics.get(name);
      Interval interval = evaluation.intervals().get(name);
      if (value != null) {
        figures.put(
            name,
            new Estimate(
                value,
                interval == null ? Double.NaN : interval.lower(),
                interval == null ? Double.NaN : interval.upper()));
      }
    }
  }

  private static void addOfPairs(
      Map<String, Estimate> figures,
      Performance performance,
      PeriodCounts counts,
      boolean labelsShown) {
    double[] predictions = counts.predictions();
    double[] labels = counts.labels();
    Evaluation evaluation = performance.evaluation().orElse(null);
    if (labelsShown) {
      addMetrics(figures, evaluation, predictions, labels);
    }
    if (predictions.length > 0) {
      figures.put(PREDICTED, Estimates.ofMean(predictions));
      if (labelsShown) {
        figures.put(ACTUAL, actual(evaluation, labels));
      }
    }
  }

  private static void addMetrics(
      Map<String, Estimate> figures,
      @Nullable Evaluation evaluation,
      double[] predictions,
      double[] labels) {
    if (evaluation instanceof BinaryEvaluation binary) {
      figures.put("auc", Estimates.ofAuc(predictions, labels).around(binary.auc()));
      figures.put(
          "log_loss",
          Estimates.ofMean(Estimates.each(predictions, labels, WindowFigures::loss))
              .around(binary.logLoss()));
      figures.put(
          "accuracy",
          Estimates.ofShare(binary.truePositives() + binary.trueNegatives(), binary.rows()));
    } else if (evaluation instanceof RegressionEvaluation regression) {
      figures.put(
          "mae",
          Estimates.ofMean(Estimates.each(predictions, labels, (p, y) -> Math.abs(p - y)))
              .around(regression.meanAbsoluteError()));
      figures.put(
          "rmse",
          Estimates.ofRootMean(Estimates.each(predictions, labels, (p, y) -> (p - y) * (p - y)))
              .around(regression.rootMeanSquaredError()));
    }
  }

  private static Estimate actual(@Nullable Evaluation evaluation, double[] labels) {
    return evaluation instanceof BinaryEvaluation binary
        ? Estimates.ofShare(binary.positives(), binary.rows())
        : Estimates.ofMean(labels);
  }

  /** A count, not a sample: it has no interval. */
  private static Estimate coverage(Performance performance) {
    return new Estimate(performance.coverage(), Double.NaN, Double.NaN);
  }

  private static double loss(double prediction, double label) {
    double given = label == 1 ? prediction : 1 - prediction;
    return -Math.log(Math.max(LEAST, Math.min(1 - LEAST, given)));
  }

  /** How the interval of a figure is made. */
  static String method(String figure) {
    return METHODS.getOrDefault(figure, "");
  }

  /** The figures that have a chart of their own, in order. */
  static boolean isMetric(String figure) {
    return METHODS.containsKey(figure);
  }

  /** What people call it. */
  static String words(String figure) {
    return switch (figure) {
      case "auc" -> "AUC";
      case "log_loss" -> "log loss";
      case "mae" -> "mean absolute error";
      case "rmse" -> "root mean squared error";
      default -> figure;
    };
  }
}
