package dev.mlops4j.evaluation;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Probabilities of several classes, and which came true, checked. */
final class ClassScores {

  private final List<String> classes;
  private final double[][] probabilities;
  private final int[] labels;

  private ClassScores(List<String> classes, double[][] probabilities, int[] labels) {
    this.classes = classes;
    this.probabilities = probabilities;
    this.labels = labels;
  }

  static ClassScores of(List<String> classes, double[][] probabilities, List<String> labels) {
    Map<String, Integer> places = new HashMap<>();
    for (String name : classes) {
      places.put(name, places.size());
    }
    if (places.size() != classes.size() || classes.size() < 2) {
      throw new EvaluationException("at least two classes are needed, each once, found " + classes);
    }
    if (probabilities.length != labels.size()) {
      throw new EvaluationException(
          "one label for each row is needed, found "
              + probabilities.length
              + " rows and "
              + labels.size()
              + " labels");
    }
    if (labels.isEmpty()) {
      throw new EvaluationException("nothing to evaluate: there are no rows; give at least one");
    }
    int[] codes = new int[labels.size()];
    for (int i = 0; i < codes.length; i++) {
      check(probabilities[i], classes.size(), i);
      Integer place = places.get(labels.get(i));
      if (place == null) {
        throw new EvaluationException(
            "a label is one of the classes " + classes + ", found another in row " + i);
      }
      codes[i] = place;
    }
    return new ClassScores(List.copyOf(classes), probabilities, codes);
  }

  private static void check(double[] row, int classes, int number) {
    if (row.length != classes) {
      throw new EvaluationException(
          "a row has one probability for each of "
              + classes
              + " classes, found "
              + row.length
              + " in row "
              + number);
    }
    for (double probability : row) {
      if (!(probability >= 0 && probability <= 1)) {
        throw new EvaluationException(
            "a probability is from 0 to 1, found " + probability + " in row " + number);
      }
    }
  }

  MulticlassEvaluation evaluate() {
    int rows = labels.length;
    long[][] counts = new long[classes.size()][classes.size()];
    double[] losses = new double[rows];
    double[] squares = new double[rows];
    double[] confidence = new double[rows];
    boolean[] right = new boolean[rows];
    long correct = 0;
    for (int i = 0; i < rows; i++) {
      int predicted = mostProbable(probabilities[i]);
      counts[labels[i]][predicted]++;
      losses[i] = -Math.log(BinaryScores.clipped(probabilities[i][labels[i]]));
      squares[i] = squaredDistance(probabilities[i], labels[i]);
      confidence[i] = probabilities[i][predicted];
      right[i] = predicted == labels[i];
      correct += right[i] ? 1 : 0;
    }
    MeanMetric loss = MeanMetric.of(losses);
    MeanMetric brier = MeanMetric.of(squares);
    ConfusionMatrix confusion = ConfusionMatrix.of(classes, counts);
    OneVersusRest areas = new OneVersusRest(probabilities, labels, classes.size());
    Interval accuracy = Interval.wilson(correct, rows);
    Map<String, Interval> intervals = new LinkedHashMap<>();
    loss.interval().ifPresent(found -> intervals.put("log_loss", found));
    intervals.put("accuracy", accuracy);
    brier.interval().ifPresent(found -> intervals.put("brier", found));
    areas.putIntervals(
        intervals, confusion.average(areas::area, false), confusion.average(areas::area, true));
    ClassAverage.putIntervals(intervals, confusion, accuracy);
    return new MulticlassEvaluation(
        confusion,
        loss.mean(),
        brier.mean(),
        BinaryScores.of(confidence, right).calibrationError(),
        areas.byClass(classes),
        intervals);
  }

  private static double squaredDistance(double[] row, int label) {
    CompensatedSum sum = new CompensatedSum();
    for (int i = 0; i < row.length; i++) {
      double distance = (i == label ? 1 : 0) - row[i];
      sum.add(distance * distance);
    }
    return sum.value();
  }

  private static int mostProbable(double[] row) {
    int best = 0;
    for (int i = 1; i < row.length; i++) {
      if (row[i] > row[best]) {
        best = i;
      }
    }
    return best;
  }
}
