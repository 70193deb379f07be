package dev.mlops4j.evaluation;

import java.util.Map;
import java.util.Optional;

/**
 * The average of a metric over the classes of a confusion matrix, with its interval: K. Takahashi,
 * K. Yamamoto, A. Kuchiba and T. Koyama, "Confidence interval for micro-averaged F1 and
 * macro-averaged F1 scores", Applied Intelligence 52 (2022), which is the delta method on the
 * counts of the matrix, here for precision, recall and weighted averages, too. As the rows of one
 * cell all move the average by the same, it is the {@link Influence} of the cells. The interval is
 * symmetric in the logit, which holds its rate better near 1. Classes for which the metric is not
 * defined are taken for left out always; of a class with a handful of rows the error is
 * underestimated. Cost: the number of cells.
 */
final class ClassAverage {

  private final ConfusionMatrix confusion;
  private final int asActual;
  private final int asPredicted;
  private final boolean byRows;
  private final double[] wholes;
  private final double[] values;
  private final double[] weights;
  private final double average;
  private final double weight;

  /**
   * An average of what is right of a class over all that counts for it.
   *
   * @param asActual 1 if the rows of a class count for it
   * @param asPredicted 1 if those predicted to be of it do
   * @param byRows whether each class counts by its rows
   */
  private ClassAverage(ConfusionMatrix confusion, int asActual, int asPredicted, boolean byRows) {
    this.confusion = confusion;
    this.asActual = asActual;
    this.asPredicted = asPredicted;
    this.byRows = byRows;
    int classes = confusion.classes().size();
    wholes = new double[classes];
    values = new double[classes];
    weights = new double[classes];
    double sum = 0;
    for (int i = 0; i < classes; i++) {
      wholes[i] = asActual * confusion.row(i) + asPredicted * confusion.column(i);
      values[i] = (asActual + asPredicted) * confusion.right(i) / wholes[i];
      weights[i] = wholes[i] == 0 ? 0 : byRows ? confusion.row(i) : 1;
      sum += weights[i];
    }
    weight = sum;
    average = confusion.average(i -> values[i], byRows);
  }

  /**
   * Puts those of macro, micro and weighted averages. What is right of each class, counted by the
   * rows of the class, is what is right of all: micro averages, and the weighted recall, are the
   * accuracy.
   */
  static void putIntervals(
      Map<String, Interval> intervals, ConfusionMatrix confusion, Interval accuracy) {
    put(intervals, "precision_macro", new ClassAverage(confusion, 0, 1, false));
    intervals.put("precision_micro", accuracy);
    put(intervals, "precision_weighted", new ClassAverage(confusion, 0, 1, true));
    put(intervals, "recall_macro", new ClassAverage(confusion, 1, 0, false));
    intervals.put("recall_micro", accuracy);
    intervals.put("recall_weighted", accuracy);
    put(intervals, "f1_macro", new ClassAverage(confusion, 1, 1, false));
    intervals.put("f1_micro", accuracy);
    put(intervals, "f1_weighted", new ClassAverage(confusion, 1, 1, true));
  }

  private static void put(Map<String, Interval> intervals, String name, ClassAverage average) {
    average.interval().ifPresent(found -> intervals.put(name, found));
  }

  private Optional<Interval> interval() {
    CompensatedSum squares = new CompensatedSum();
    for (int actual = 0; actual < values.length; actual++) {
      for (int predicted = 0; predicted < values.length; predicted++) {
        long rows = confusion.count(actual, predicted);
        if (rows > 0) {
          double moved = moved(actual, predicted);
          squares.add(rows * (moved * moved));
        }
      }
    }
    return Interval.ofLogit(average, Math.sqrt(squares.value()));
  }

  /** What one more row of a cell moves the average by. */
  private double moved(int actual, int predicted) {
    double sum = byRows && wholes[actual] > 0 ? values[actual] - average : 0;
    if (actual == predicted) {
      // It is right, and counts for its class as often as a class counts anything.
      sum += moved(actual, asActual + asPredicted, asActual + asPredicted);
    } else {
      sum += moved(actual, 0, asActual) + moved(predicted, 0, asPredicted);
    }
    return sum / weight;
  }

  private double moved(int place, int right, int whole) {
    return wholes[place] == 0
        ? 0
        : weights[place] * ((right - values[place] * whole) / wholes[place]);
  }
}
