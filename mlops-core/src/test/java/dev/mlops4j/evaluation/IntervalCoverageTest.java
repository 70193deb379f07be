package dev.mlops4j.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whether the intervals of metrics that are no means hold the true value about as often as they
 * say, on draws whose truth is known. 1,000 draws tell that to about 1.4 %.
 */
class IntervalCoverageTest {

  private static final int SAMPLES = 1_000;
  private static final List<String> CLASSES = List.of("a", "b", "c");

  /** The normal distribution at 1 / sqrt(2), sqrt(2) and 0.75. */
  private static final double ONE_APART = 0.7602499389065233;

  private static final double TWO_APART = 0.9213503964748574;
  private static final double THREE_QUARTERS = 0.7733726476231317;

  /** Draws once for all of these metrics. */
  private static void assertHeld(
      Map<String, Double> truths, Function<Random, ? extends Evaluation> draw) {
    assertHeldBy(truths, random -> draw.apply(random).intervals());
  }

  private static void assertHeldBy(
      Map<String, Double> truths, Function<Random, Map<String, Interval>> draw) {
    Random random = new Random(20240229);
    Map<String, Integer> held = new TreeMap<>();
    for (int i = 0; i < SAMPLES; i++) {
      Map<String, Interval> intervals = draw.apply(random);
      truths.forEach(
          (metric, truth) ->
              held.merge(metric, intervals.get(metric).contains(truth) ? 1 : 0, Integer::sum));
    }
    assertThat(held).hasSameSizeAs(truths);
    held.forEach(
        (metric, times) -> assertThat((double) times / SAMPLES).as(metric).isBetween(0.92, 0.975));
  }

  /** Of those of a yes the margins are so much higher. */
  private static BinaryEvaluation binary(Random random, int rows, double share, double distance) {
    double[] scores = new double[rows];
    boolean[] labels = new boolean[rows];
    for (int i = 0; i < rows; i++) {
      labels[i] = random.nextDouble() < share;
      double margin = random.nextGaussian() + (labels[i] ? distance / 2 : -distance / 2);
      scores[i] = 1 / (1 + Math.exp(-margin));
    }
    return Evaluation.binary(scores, labels);
  }

  /** The truth is the integral of the precision over the scores of the yes, by quadrature. */
  @ParameterizedTest
  @CsvSource({
    "200, 0.5, 1, 0.7529959968648294",
    "300, 0.3, 1, 0.5830120392661922",
    "1000, 0.1, 1, 0.2928356435135152",
    "500, 0.1, 2, 0.6654712780701133",
  })
  void averagePrecision(int rows, double share, double distance, double truth) {
    assertHeld(Map.of("average_precision", truth), random -> binary(random, rows, share, distance));
  }

  @ParameterizedTest
  @CsvSource({"60, 0.3", "300, 0.3", "300, 0.05"})
  void f1(int rows, double share) {
    double right = share * THREE_QUARTERS;
    double wrong = (1 - share) * (1 - THREE_QUARTERS);
    double truth = 2 * right / (right + wrong + share);
    assertHeld(Map.of("f1", truth), random -> binary(random, rows, share, 1.5));
  }

  /**
   * Margins of a, b and c lie around 0, 1 and 2. The score of a falls with the margin, that of c
   * rises, that of b falls with the distance from 1: a row moves all three areas, so that errors
   * that were added up class by class would be far off.
   */
  @ParameterizedTest
  @CsvSource({"150", "600"})
  void aucOfOneClassAgainstTheRest(int rows) {
    double[] shares = {0.5, 0.3, 0.2};
    double a = (0.3 * ONE_APART + 0.2 * TWO_APART) / 0.5;
    // The margin of a b is nearer to 1 where sum and difference of two normal numbers agree in
    // sign.
    double b = ONE_APART * ONE_APART + (1 - ONE_APART) * (1 - ONE_APART);
    double c = (0.3 * ONE_APART + 0.5 * TWO_APART) / 0.8;
    Function<Random, Evaluation> draw =
        random -> {
          double[][] scores = new double[rows][];
          String[] labels = new String[rows];
          for (int i = 0; i < rows; i++) {
            int place = place(random, shares);
            double margin = place + random.nextGaussian();
            labels[i] = CLASSES.get(place);
            scores[i] =
                new double[] {
                  1 / (1 + Math.exp(margin)),
                  Math.exp(-Math.abs(margin - 1)),
                  1 / (1 + Math.exp(-margin)),
                };
          }
          return Evaluation.multiclass(CLASSES, scores, List.of(labels));
        };
    assertHeld(
        Map.of("auc_ovr", (a + b + c) / 3, "auc_ovr_weighted", 0.5 * a + 0.3 * b + 0.2 * c), draw);
  }

  private static int place(Random random, double[] shares) {
    double drawn = random.nextDouble();
    int place = 0;
    while (place < shares.length - 1 && drawn >= shares[place]) {
      drawn -= shares[place++];
    }
    return place;
  }

  @ParameterizedTest
  @CsvSource({"100", "400"})
  void averagesOverClasses(int rows) {
    // Actual a, b and c by what was predicted.
    double[] cells = {0.32, 0.06, 0.02, 0.05, 0.2, 0.05, 0.02, 0.06, 0.22};
    double[] precisions = {0.32 / 0.39, 0.2 / 0.32, 0.22 / 0.29};
    double[] recalls = {0.32 / 0.4, 0.2 / 0.3, 0.22 / 0.3};
    double[] f1 = {0.64 / 0.79, 0.4 / 0.62, 0.44 / 0.59};
    Function<Random, Evaluation> draw =
        random -> {
          double[][] probabilities = new double[rows][3];
          String[] labels = new String[rows];
          for (int i = 0; i < rows; i++) {
            int cell = place(random, cells);
            labels[i] = CLASSES.get(cell / 3);
            probabilities[i][cell % 3] = 1;
          }
          return Evaluation.multiclass(CLASSES, probabilities, List.of(labels));
        };
    assertHeld(
        Map.of(
            "precision_macro", macro(precisions),
            "recall_macro", macro(recalls),
            "f1_macro", macro(f1),
            "precision_weighted", weighted(precisions),
            "recall_weighted", weighted(recalls),
            "f1_weighted", weighted(f1),
            "f1_micro", 0.74),
        draw);
  }

  private static double macro(double[] values) {
    return (values[0] + values[1] + values[2]) / 3;
  }

  private static double weighted(double[] values) {
    return 0.4 * values[0] + 0.3 * values[1] + 0.3 * values[2];
  }

  @ParameterizedTest
  @CsvSource({"100, 0.3", "100, 1", "300, 2"})
  void r2(int rows, double noise) {
    double unexplained = noise * noise / (1 + noise * noise);
    assertHeld(
        Map.of("r2", 1 - unexplained),
        random -> {
          double[] predicted = new double[rows];
          double[] actual = new double[rows];
          for (int i = 0; i < rows; i++) {
            predicted[i] = random.nextGaussian();
            actual[i] = predicted[i] + noise * random.nextGaussian();
          }
          return Evaluation.regression(predicted, actual);
        });
  }

  /** Predictions that are too high alone, whose error and its size are one. */
  @Test
  void quantileLoss() {
    assertHeldBy(
        Map.of("quantile loss", 0.1),
        random -> {
          double[] errors = random.doubles(300).map(draw -> -Math.log1p(-draw)).toArray();
          return Map.of(
              "quantile loss",
              Evaluation.regression(errors, new double[errors.length])
                  .pinballInterval(0.9)
                  .orElseThrow());
        });
  }
}
