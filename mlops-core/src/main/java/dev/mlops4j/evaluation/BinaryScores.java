package dev.mlops4j.evaluation;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The scores of the yes and of the no, each sorted: all that the metrics depend on. */
final class BinaryScores {

  /** The distance from 1 to the next double: what scikit-learn clips 64-bit probabilities to. */
  private static final double CLIP = Math.ulp(1.0);

  private final double[] positives;
  private final double[] negatives;

  private BinaryScores(double[] positives, double[] negatives) {
    this.positives = positives;
    this.negatives = negatives;
    Arrays.sort(positives);
    Arrays.sort(negatives);
  }

  static BinaryScores of(double[] scores, boolean[] labels) {
    checkLengths(scores.length, labels.length);
    double[] positives = new double[scores.length];
    double[] negatives = new double[scores.length];
    int yes = 0;
    for (int i = 0; i < scores.length; i++) {
      double score = checked(scores[i], i);
      if (labels[i]) {
        positives[yes++] = score;
      } else {
        negatives[i - yes] = score;
      }
    }
    return new BinaryScores(
        Arrays.copyOf(positives, yes), Arrays.copyOf(negatives, scores.length - yes));
  }

  static BinaryScores of(double[] scores, double[] labels) {
    boolean[] truths = new boolean[labels.length];
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] != 0 && labels[i] != 1) {
        throw new EvaluationException(
            "a label is 0 (no) or 1 (yes), found "
                + labels[i]
                + " in row "
                + i
                + "; leave out rows whose label is not known");
      }
      truths[i] = labels[i] == 1;
    }
    return of(scores, truths);
  }

  BinaryEvaluation evaluate(double threshold) {
    int rows = positives.length + negatives.length;
    double[] losses = new double[rows];
    double[] squares = new double[rows];
    CompensatedSum sum = new CompensatedSum();
    int row = 0;
    for (double score : positives) {
      losses[row] = -Math.log(clipped(score));
      squares[row++] = (1 - score) * (1 - score);
      sum.add(score);
    }
    for (double score : negatives) {
      losses[row] = -Math.log(clipped(1 - score));
      squares[row++] = score * score;
      sum.add(score);
    }
    Arrays.sort(losses);
    Arrays.sort(squares);
    MeanMetric loss = MeanMetric.ofSorted(losses);
    MeanMetric brier = MeanMetric.ofSorted(squares);
    long truePositives = above(positives, threshold);
    long falsePositives = above(negatives, threshold);
    double auc = auc();
    Map<String, Interval> intervals = new LinkedHashMap<>();
    DeLong.interval(positives, negatives, auc).ifPresent(found -> intervals.put("auc", found));
    loss.interval().ifPresent(found -> intervals.put("log_loss", found));
    long right = truePositives + negatives.length - falsePositives;
    putShare(intervals, "accuracy", right, rows);
    brier.interval().ifPresent(found -> intervals.put("brier", found));
    putShare(intervals, "precision", truePositives, truePositives + falsePositives);
    putShare(intervals, "recall", truePositives, positives.length);
    putShare(intervals, "actual_share", positives.length, rows);
    return new BinaryEvaluation(
        truePositives,
        falsePositives,
        negatives.length - falsePositives,
        positives.length - truePositives,
        auc,
        averagePrecision(),
        loss.mean(),
        brier.mean(),
        sum.value() / rows,
        calibrationError(),
        threshold,
        intervals);
  }

  private static void putShare(
      Map<String, Interval> intervals, String name, long part, long whole) {
    if (whole > 0) {
      intervals.put(name, Interval.wilson(part, whole));
    }
  }

  private static long above(double[] scores, double threshold) {
    return Arrays.stream(scores).filter(score -> score > threshold).count();
  }

  double calibrationError() {
    return CalibrationBins.error(positives, negatives);
  }

  /** Mann and Whitney's U over the number of pairs; all counts are exact, in halves of a pair. */
  double auc() {
    long wins = 0;
    int below = 0;
    int atMost = 0;
    for (double score : positives) {
      while (below < negatives.length && negatives[below] < score) {
        below++;
      }
      atMost = Math.max(atMost, below);
      while (atMost < negatives.length && negatives[atMost] <= score) {
        atMost++;
      }
      wins += (long) below + atMost;
    }
    return wins / (2.0 * positives.length * negatives.length);
  }

  private double averagePrecision() {
    CompensatedSum sum = new CompensatedSum();
    int yes = positives.length;
    int no = negatives.length;
    while (yes > 0) {
      double threshold = positives[yes - 1];
      int before = yes;
      while (yes > 0 && positives[yes - 1] >= threshold) {
        yes--;
      }
      while (no > 0 && negatives[no - 1] >= threshold) {
        no--;
      }
      double found = positives.length - yes;
      sum.add((before - yes) * (found / (found + (negatives.length - no))));
    }
    return sum.value() / positives.length;
  }

  static double clipped(double probability) {
    return Math.min(Math.max(probability, CLIP), 1 - CLIP);
  }

  private static double checked(double score, int row) {
    if (score >= 0 && score <= 1) {
      return score;
    }
    throw new EvaluationException(
        "a score is a probability from 0 to 1, found "
            + score
            + " in row "
            + row
            + "; give the probability of a yes, not a margin");
  }

  private static void checkLengths(int scores, int labels) {
    if (scores != labels) {
      throw new EvaluationException(
          "one label for each score is needed, found "
              + scores
              + " scores and "
              + labels
              + " labels");
    }
    if (scores == 0) {
      throw new EvaluationException("nothing to evaluate: there are no rows; give at least one");
    }
  }
}
