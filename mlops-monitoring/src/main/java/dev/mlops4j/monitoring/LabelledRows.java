package dev.mlops4j.monitoring;

import dev.mlops4j.evaluation.Evaluation;
import dev.mlops4j.evaluation.EvaluationException;
import dev.mlops4j.evaluation.MeanMetric;
import dev.mlops4j.model.Signature.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Outputs and outcomes of predictions, as metrics take them. A class that came true and that the
 * model does not have is a class more, to which every prediction gave the probability 0. Outputs
 * that metrics cannot take are left out, so that one of them does not cost the metrics of all.
 */
final class LabelledRows {

  private final Task task;
  private final Map<String, Integer> classes = new LinkedHashMap<>();
  private final List<double[]> outputs = new ArrayList<>();
  private final List<int[]> places = new ArrayList<>();
  private final List<String> labels = new ArrayList<>();
  private final Map<List<String>, int[]> known = new LinkedHashMap<>();
  private long labelled;

  LabelledRows(Task task) {
    this.task = task;
  }

  /** Whether it is an outcome of the task; not if the name was used for another task before. */
  static boolean isOutcome(Task task, String outcome) {
    if (task == Task.MULTICLASS) {
      return true;
    }
    double number = OutcomeText.number(outcome);
    return task == Task.BINARY ? number == 0 || number == 1 : Double.isFinite(number);
  }

  /**
   * Whether metrics can take an output: a finite number, of a classifier probabilities.
   *
   * @param classesOfModel what the probabilities of several classes are of
   */
  static boolean isUsable(Task task, List<String> classesOfModel, double[] output) {
    if (output.length == 0) {
      return false;
    }
    return switch (task) {
      case REGRESSION -> Double.isFinite(output[0]);
      case BINARY -> isProbability(output[0]);
      case MULTICLASS ->
          !classesOfModel.isEmpty() && Arrays.stream(output).allMatch(LabelledRows::isProbability);
    };
  }

  private static boolean isProbability(double number) {
    return number >= 0 && number <= 1;
  }

  /** Adds one; what is not of the task is left out. */
  void add(List<String> classesOfModel, double[] output, String outcome) {
    if (!isOutcome(task, outcome)) {
      return;
    }
    labelled++;
    if (!isUsable(task, classesOfModel, output)) {
      return;
    }
    if (task == Task.MULTICLASS) {
      places.add(known.computeIfAbsent(classesOfModel, this::places));
      place(outcome);
    }
    outputs.add(output);
    labels.add(outcome);
  }

  private int[] places(List<String> names) {
    return names.stream().mapToInt(this::place).toArray();
  }

  private int place(String name) {
    return classes.computeIfAbsent(name, key -> classes.size());
  }

  /** The performance of these, among so many predictions. */
  Performance performance(long rows, Map<String, MeanMetric> business) {
    if (task == Task.MULTICLASS) {
      return new Performance(rows, labelled, Double.NaN, Double.NaN, multiclass(), business);
    }
    double[] predicted = outputs.stream().mapToDouble(output -> output[0]).toArray();
    double[] actual = labels.stream().mapToDouble(OutcomeText::number).toArray();
    return new Performance(
        rows,
        labelled,
        Arrays.stream(predicted).average().orElse(Double.NaN),
        Arrays.stream(actual).average().orElse(Double.NaN),
        evaluation(task, predicted, actual),
        business);
  }

  static @Nullable Evaluation evaluation(Task task, double[] predicted, double[] actual) {
    try {
      return task == Task.BINARY
          ? Evaluation.binary(predicted, actual)
          : Evaluation.regression(predicted, actual);
    } catch (EvaluationException e) {
      // No rows: there is nothing to state.
      return null;
    }
  }

  /** Of several classes the metrics of what was added, or null if there is nothing to state. */
  @Nullable Evaluation multiclass() {
    double[][] rows = new double[outputs.size()][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = new double[classes.size()];
      int[] place = places.get(i);
      for (int j = 0; j < Math.min(place.length, outputs.get(i).length); j++) {
        rows[i][place[j]] = outputs.get(i)[j];
      }
    }
    try {
      return Evaluation.multiclass(List.copyOf(classes.keySet()), rows, labels);
    } catch (EvaluationException e) {
      return null;
    }
  }
}
