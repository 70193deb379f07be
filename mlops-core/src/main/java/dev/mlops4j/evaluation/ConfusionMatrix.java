package dev.mlops4j.evaluation;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/**
 * How many rows of each class were predicted to be of each class. Immutable.
 *
 * @param classes the classes, in the order of the rows and columns
 * @param counts a row for each actual class, in it a number for each predicted class
 */
public record ConfusionMatrix(List<String> classes, List<List<Long>> counts) {

  /** Copies the lists. */
  public ConfusionMatrix {
    classes = List.copyOf(classes);
    counts = counts.stream().map(List::copyOf).toList();
  }

  static ConfusionMatrix of(List<String> classes, long[][] counts) {
    return new ConfusionMatrix(
        classes, Arrays.stream(counts).map(row -> Arrays.stream(row).boxed().toList()).toList());
  }

  /**
   * How many rows of one class were predicted to be of another, or of the same.
   *
   * @throws EvaluationException if there is no such class
   */
  public long count(String actual, String predicted) {
    return counts.get(place(actual)).get(place(predicted));
  }

  /** How many rows are of this class. */
  public long actual(String name) {
    return row(place(name));
  }

  /** How many rows were predicted to be of this class. */
  public long predicted(String name) {
    return column(place(name));
  }

  /** The share of those predicted to be of this class that are; NaN when none was predicted. */
  public double precision(String name) {
    return precision(place(name));
  }

  /** The share of this class that was predicted to be; NaN when there is none. */
  public double recall(String name) {
    return recall(place(name));
  }

  /** The harmonic mean of both; NaN when the class neither was predicted nor came true. */
  public double f1(String name) {
    return f1(place(name));
  }

  double precision(int place) {
    return (double) right(place) / column(place);
  }

  double recall(int place) {
    return (double) right(place) / row(place);
  }

  double f1(int place) {
    return 2.0 * right(place) / (row(place) + column(place));
  }

  long count(int actual, int predicted) {
    return counts.get(actual).get(predicted);
  }

  long right(int place) {
    return counts.get(place).get(place);
  }

  long row(int place) {
    return counts.get(place).stream().mapToLong(Long::longValue).sum();
  }

  long column(int place) {
    return counts.stream().mapToLong(row -> row.get(place)).sum();
  }

  /** The mean of the values that are numbers, or with each class counted by its rows. */
  double average(IntToDoubleFunction ofClass, boolean byRows) {
    CompensatedSum sum = new CompensatedSum();
    double weights = 0;
    for (int i = 0; i < classes.size(); i++) {
      double value = ofClass.applyAsDouble(i);
      if (!Double.isNaN(value)) {
        double weight = byRows ? row(i) : 1;
        sum.add(weight * value);
        weights += weight;
      }
    }
    return sum.value() / weights;
  }

  private int place(String name) {
    int place = classes.indexOf(name);
    if (place < 0) {
      throw new EvaluationException(
          "there is no class \"" + name + "\" in this matrix, which has " + classes);
    }
    return place;
  }
}
