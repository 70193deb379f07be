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
    double[] scores = new double[rows];
    int row = 0;
    for (double score : positives) {
      losses[row] = -Math.log(clipped(score));
      scores[row] = score;
      squares[row++] = (1 - score) * (1 - score);
    }
    for (double score : negatives) {
      losses[row] = -Math.log(clipped(1 - score));
      scores[row] = score;
      squares[row++] = score * score;
    }
    Arrays.sort(losses);
    Arrays.sort(squares);
    Arrays.sort(scores);
    MeanMetric loss = MeanMetric.ofSorted(losses);
    MeanMetric brier = MeanMetric.ofSorted(squares);
    MeanMetric prediction = MeanMetric.ofSorted(scores);
    long truePositives = above(positives, threshold);
    long falsePositives = above(negatives, threshold);
    double auc = auc();
    AveragePrecision averagePrecision = new AveragePrecision(positives, negatives);
    Map<String, Interval> intervals = new LinkedHashMap<>();
    DeLong.interval(positives, negatives, auc).ifPresent(found -> intervals.put("auc", found));
    loss.interval().ifPresent(found -> intervals.put("log_loss", found));
    long right = truePositives + negatives.length - falsePositives;
    putShare(intervals, "accuracy", right, rows);
    brier.interval().ifPresent(found -> intervals.put("brier", found));
    averagePrecision.interval().ifPresent(found -> intervals.put("average_precision", found));
    putShare(intervals, "precision", truePositives, truePositives + falsePositives);
    putShare(intervals, "recall", truePositives, positives.length);
    long wrong = falsePositives + positives.length - truePositives;
    if (truePositives + wrong > 0) {
      intervals.put("f1", Interval.ofF1(truePositives, wrong));
    }
    prediction.interval().ifPresent(found -> intervals.put("mean_prediction", found));
    putShare(intervals, "actual_share", positives.length, rows);
    return new BinaryEvaluation(
        truePositives,
        falsePositives,
        negatives.length - falsePositives,
        positives.length - truePositives,
        auc,
        averagePrecision.value(),
        loss.mean(),
        brier.mean(),
        prediction.mean(),
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

  /**
   * The share of the rows of the other label that a row is placed right against, a tie counting one
   * half: one of DeLong's structural components.
   *
   * @param label the label of the row
   */
  double placement(double score, boolean label) {
    double[] others = label ? negatives : positives;
    double below = (firstThat(others, score, false) + (long) firstThat(others, score, true)) / 2.0;
    return (label ? below : others.length - below) / others.length;
  }

  /** The position of the first score that is not less, or that is greater. */
  private static int firstThat(double[] sorted, double score, boolean greater) {
    int from = 0;
    int to = sorted.length;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (sorted[middle] < score || (greater && sorted[middle] == score)) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
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
