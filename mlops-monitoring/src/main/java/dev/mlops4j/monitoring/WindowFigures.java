package dev.mlops4j.monitoring;

import dev.mlops4j.evaluation.Evaluation;
import dev.mlops4j.model.Signature.Task;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The figures of one window's performance, by name, each with its interval. */
final class WindowFigures {

  static final String PREDICTED = "predicted";
  static final String ACTUAL = "actual";
  static final String COVERAGE = "coverage";

  private static final Set<String> MEANS = Set.of(PREDICTED, ACTUAL, COVERAGE);

  /** The metrics that have a chart, in order, and how the interval of each is made, for people. */
  private static final Map<String, String> METHODS = methods();

  /** What evaluations have besides; what is neither is of a function of the user. */
  private static final Set<String> MORE =
      Arrays.stream(Task.values())
          .flatMap(task -> KnownNames.metrics(task).stream())
          .filter(name -> !METHODS.containsKey(name))
          .collect(Collectors.toSet());

  private WindowFigures() {}

  private static Map<String, String> methods() {
    Map<String, String> methods = new LinkedHashMap<>();
    methods.put("auc", "DeLong, of the logit");
    methods.put("auc_ovr", "DeLong of the classes together, of the logit");
    methods.put("average_precision", "linearized, of the logit");
    methods.put("log_loss", "normal, of the mean");
    methods.put("accuracy", "Wilson");
    methods.put("f1", "Wilson, of the share that it is made of");
    methods.put("f1_macro", "delta method, of the logit");
    methods.put("mae", "normal, of the mean");
    methods.put("rmse", "normal, of the mean square");
    methods.put("r2", "linearized");
    return methods;
  }

  /**
   * Of the labelled predictions of a window whose outcomes are in.
   *
   * @param labelsShown whether what is made of outcomes may be shown; else only how many there are,
   *     and what was predicted
   */
  static Map<String, Estimate> of(Performance performance, boolean labelsShown) {
    Map<String, Estimate> figures = new LinkedHashMap<>();
    performance.evaluation().ifPresent(evaluation -> add(figures, evaluation, labelsShown));
    if (labelsShown) {
      addMore(figures, performance);
    }
    // A count, not a sample: it has no interval.
    figures.put(COVERAGE, Estimate.of(performance.coverage(), null));
    return Collections.unmodifiableMap(figures);
  }

  private static void add(
      Map<String, Estimate> figures, Evaluation evaluation, boolean labelsShown) {
    if (labelsShown) {
      METHODS.keySet().forEach(name -> add(figures, name, evaluation, name));
    }
    add(figures, PREDICTED, evaluation, "mean_prediction");
    if (labelsShown) {
      add(figures, ACTUAL, evaluation, "actual_share");
      add(figures, ACTUAL, evaluation, "mean_actual");
    }
  }

  /** Adds a metric, if it is one of the task. */
  private static void add(
      Map<String, Estimate> figures, String figure, Evaluation evaluation, String metric) {
    Double value = evaluation.metrics().get(metric);
    if (value != null) {
      figures.put(figure, Estimate.of(value, evaluation.intervals().get(metric)));
    }
  }

  /** What else an evaluation has, but for numbers of rows, and what functions of the user gave. */
  private static void addMore(Map<String, Estimate> figures, Performance performance) {
    performance
        .metrics()
        .forEach(
            (name, value) -> {
              if (figure(name).filter(name::equals).isPresent()) {
                figures.putIfAbsent(name, Estimate.of(value, performance.intervals().get(name)));
              }
            });
  }

  /** What a metric is among the figures; empty for numbers of rows. */
  static Optional<String> figure(String metric) {
    return switch (metric) {
      case "mean_prediction" -> Optional.of(PREDICTED);
      case "actual_share", "mean_actual" -> Optional.of(ACTUAL);
      default -> isOfRows(metric) ? Optional.empty() : Optional.of(metric);
    };
  }

  /** The same in the order of {@link #of}. */
  static Map<String, Estimate> inOrder(Map<String, Estimate> figures) {
    Map<String, Estimate> ordered = new LinkedHashMap<>();
    Stream.of(METHODS.keySet().stream(), Stream.of(PREDICTED, ACTUAL), figures.keySet().stream())
        .flatMap(Function.identity())
        .filter(figure -> figures.containsKey(figure) && !figure.equals(COVERAGE))
        .forEach(figure -> ordered.put(figure, Objects.requireNonNull(figures.get(figure))));
    ordered.put(COVERAGE, Objects.requireNonNull(figures.get(COVERAGE)));
    return Collections.unmodifiableMap(ordered);
  }

  private static boolean isOfRows(String metric) {
    return isMore(metric) && (metric.equals("rows") || metric.endsWith("tives"));
  }

  /** How the interval of a figure is made. */
  static String method(String figure) {
    return METHODS.getOrDefault(figure, isOfFunction(figure) ? "normal, of the mean" : "");
  }

  /** The figures that have a chart of their own. */
  static boolean isMetric(String figure) {
    return METHODS.containsKey(figure) || isOfFunction(figure);
  }

  /**
   * Whether it is the mean of a function of the user: by its name, so that a monitor refuses
   * functions with one of those that are known.
   */
  static boolean isOfFunction(String figure) {
    return !METHODS.containsKey(figure) && !isMore(figure) && !MEANS.contains(figure);
  }

  /** The figures that stand in a table of their own. */
  static boolean isMore(String figure) {
    return MORE.contains(figure);
  }

  /** What people call it. */
  static String words(String figure) {
    return switch (figure) {
      case "auc" -> "AUC";
      case "auc_ovr" -> "AUC of one class against the rest";
      case "average_precision" -> "average precision";
      case "log_loss" -> "log loss";
      case "f1" -> "F1";
      case "f1_macro" -> "macro F1";
      case "mae" -> "mean absolute error";
      case "rmse" -> "root mean squared error";
      case "r2" -> "R2";
      case "brier" -> "Brier score";
      case "mape" -> "MAPE";
      default -> isMore(figure) ? figure.replace('_', ' ') : figure;
    };
  }
}
