package dev.mlops4j.evaluation;

import java.util.List;
import java.util.Map;

/**
 * How good predictions were, judged against what came true. Immutable, safe for any number of
 * threads.
 *
 * <p>The numbers depend on the pairs of prediction and truth alone, to the bit: not on their order.
 *
 * <pre>{@code
 * BinaryEvaluation evaluation = Evaluation.binary(scores, late);
 * double auc = evaluation.auc();
 * evaluation.metrics().forEach(run::metric);
 * }</pre>
 */
public sealed interface Evaluation
    permits BinaryEvaluation, MulticlassEvaluation, RegressionEvaluation {

  /** How many predictions were judged; at least 1. */
  long rows();

  /**
   * The metrics by name, in an order that is always the same. A metric that is not defined for
   * these rows is there as NaN. The map cannot be changed.
   */
  Map<String, Double> metrics();

  /**
   * 95 % confidence intervals of metrics, by their names; each record says how they are made. They
   * take the rows for independent: of rows that are alike, as of one day, the true ones are wider.
   * What these rows do not tell is left out. The map cannot be changed.
   */
  Map<String, Interval> intervals();

  /**
   * Judges probabilities of a yes.
   *
   * @param scores probabilities, from 0 to 1; not changed
   * @param labels what came true, in the same order; not changed
   * @throws EvaluationException if there are no rows, the lengths differ, or a score is NaN or
   *     outside 0 to 1; the message names the first such row
   */
  static BinaryEvaluation binary(double[] scores, boolean[] labels) {
    return BinaryScores.of(scores, labels).evaluate(BinaryEvaluation.THRESHOLD);
  }

  /**
   * The same for labels that are held as numbers, 1.0 for yes and 0.0 for no.
   *
   * @throws EvaluationException if a label is neither 0 nor 1, and as {@link #binary(double[],
   *     boolean[])}
   */
  static BinaryEvaluation binary(double[] scores, double[] labels) {
    return BinaryScores.of(scores, labels).evaluate(BinaryEvaluation.THRESHOLD);
  }

  /**
   * Judges probabilities of a yes, with another threshold for what counts as one.
   *
   * @param threshold the score above which a prediction counts as yes, from 0 to 1
   * @throws EvaluationException if the threshold is no such number, and as {@link #binary(double[],
   *     boolean[])}
   */
  static BinaryEvaluation binary(double[] scores, boolean[] labels, double threshold) {
    if (!(threshold >= 0 && threshold <= 1)) {
      throw new EvaluationException("a threshold is a score from 0 to 1, found " + threshold);
    }
    return BinaryScores.of(scores, labels).evaluate(threshold);
  }

  /**
   * Judges probabilities of several classes. What is predicted is the most probable class, of equal
   * ones the first.
   *
   * @param classes all classes, at least two, each once
   * @param probabilities for each row one probability a class, from 0 to 1, in the order of {@code
   *     classes}; not changed
   * @param labels what came true, in the order of the rows
   * @throws EvaluationException if there are no rows, lengths differ, a probability is NaN or
   *     outside 0 to 1, or a label is not one of the classes; the message names the first such row
   */
  static MulticlassEvaluation multiclass(
      List<String> classes, double[][] probabilities, List<String> labels) {
    return ClassScores.of(classes, probabilities, labels).evaluate();
  }

  /**
   * Judges predicted numbers.
   *
   * @param predicted the predictions; not changed
   * @param actual what came true, in the same order; not changed
   * @throws EvaluationException if there are no rows, the lengths differ, or a number is NaN or
   *     infinite; the message names the first such row
   */
  static RegressionEvaluation regression(double[] predicted, double[] actual) {
    return RegressionErrors.of(predicted, actual).evaluate();
  }
}
