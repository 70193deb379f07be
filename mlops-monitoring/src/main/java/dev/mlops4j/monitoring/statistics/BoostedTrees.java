package dev.mlops4j.monitoring.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Gradient boosting for the logistic loss (J. H. Friedman, "Greedy function approximation", 2001)
 * with Newton's step in the leaves. All nodes of a level split at the same column and border, so a
 * tree is as many comparisons as it is deep. Deterministic. Cost: rows times columns times rounds
 * times depth.
 */
final class BoostedTrees {

  static final int ROUNDS = 60;
  static final int DEPTH = 3;

  private static final int BINS = 32;
  private static final int LEAVES = 1 << DEPTH;
  private static final double RATE = 0.15;
  private static final double REGULARIZATION = 5;

  private final Border[][] trees = new Border[ROUNDS][DEPTH];
  private final double[][] leaves = new double[ROUNDS][LEAVES];
  private final double[][] edges;
  private final int[][] codes;
  private final double[] gradients;
  private final double[] curvatures;

  /** What is greater goes right; missing values go left. */
  private record Border(int column, int bin, double value) {}

  private BoostedTrees(double[][] rows, boolean[] yes) {
    int columns = rows[0].length;
    if (columns == 0) {
      throw new IllegalArgumentException("the rows have no columns; give at least one");
    }
    edges = new double[columns][];
    codes = new int[columns][rows.length];
    for (int column = 0; column < columns; column++) {
      edges[column] = edges(rows, column);
      for (int row = 0; row < rows.length; row++) {
        codes[column][row] = code(edges[column], rows[row][column]);
      }
    }
    gradients = new double[rows.length];
    curvatures = new double[rows.length];
    double[] scores = new double[rows.length];
    for (int round = 0; round < ROUNDS; round++) {
      for (int row = 0; row < rows.length; row++) {
        double probability = 1 / (1 + Math.exp(-scores[row]));
        gradients[row] = (yes[row] ? 1 : 0) - probability;
        curvatures[row] = probability * (1 - probability);
      }
      grow(round, scores);
    }
  }

  static ToDoubleFunction<double[]> train(double[][] rows, boolean[] yes) {
    return new BoostedTrees(rows, yes)::score;
  }

  private double score(double[] row) {
    double score = 0;
    for (int round = 0; round < ROUNDS; round++) {
      int leaf = 0;
      for (Border border : trees[round]) {
        leaf = 2 * leaf + (row[border.column] > border.value ? 1 : 0);
      }
      score += leaves[round][leaf];
    }
    return score;
  }

  private void grow(int round, double[] scores) {
    int[] nodes = new int[scores.length];
    for (int level = 0; level < DEPTH; level++) {
      Border border = best(nodes, 1 << level);
      trees[round][level] = border;
      int[] code = codes[border.column];
      for (int row = 0; row < nodes.length; row++) {
        nodes[row] = 2 * nodes[row] + (code[row] > border.bin ? 1 : 0);
      }
    }
    double[] gradient = new double[LEAVES];
    double[] curvature = new double[LEAVES];
    for (int row = 0; row < nodes.length; row++) {
      gradient[nodes[row]] += gradients[row];
      curvature[nodes[row]] += curvatures[row];
    }
    for (int leaf = 0; leaf < LEAVES; leaf++) {
      leaves[round][leaf] = RATE * gradient[leaf] / (curvature[leaf] + REGULARIZATION);
    }
    for (int row = 0; row < nodes.length; row++) {
      scores[row] += leaves[round][nodes[row]];
    }
  }

  /** The border with the greatest gain; one beyond all numbers if no column has a border. */
  private Border best(int[] nodes, int count) {
    Border best = new Border(0, BINS, Double.POSITIVE_INFINITY);
    double most = Double.NEGATIVE_INFINITY;
    for (int column = 0; column < codes.length; column++) {
      double[][] gradient = new double[count][BINS + 1];
      double[][] curvature = new double[count][BINS + 1];
      for (int row = 0; row < nodes.length; row++) {
        gradient[nodes[row]][codes[column][row]] += gradients[row];
        curvature[nodes[row]][codes[column][row]] += curvatures[row];
      }
      for (double[][] sums : List.of(gradient, curvature)) {
        for (double[] bins : sums) {
          for (int i = 1; i < bins.length; i++) {
            bins[i] += bins[i - 1];
          }
        }
      }
      for (int bin = 0; bin < edges[column].length; bin++) {
        double gain = 0;
        for (int node = 0; node < count; node++) {
          double left = gradient[node][bin];
          double right = gradient[node][BINS] - left;
          double leftCurvature = curvature[node][bin];
          double rightCurvature = curvature[node][BINS] - leftCurvature;
          gain += left * left / (leftCurvature + REGULARIZATION);
          gain += right * right / (rightCurvature + REGULARIZATION);
        }
        if (gain > most) {
          most = gain;
          best = new Border(column, bin, edges[column][bin]);
        }
      }
    }
    return best;
  }

  /** The first separates missing from present values. */
  private static double[] edges(double[][] rows, int column) {
    double[] present =
        Arrays.stream(rows)
            .mapToDouble(row -> row[column])
            .filter(value -> !Double.isNaN(value))
            .sorted()
            .toArray();
    List<Double> edges = new ArrayList<>();
    edges.add(Double.NEGATIVE_INFINITY);
    for (int i = 1; i < BINS; i++) {
      if (present.length > 0) {
        double edge = present[(int) ((long) i * (present.length - 1) / BINS)];
        if (edge > edges.get(edges.size() - 1)) {
          edges.add(edge);
        }
      }
    }
    return edges.stream().mapToDouble(Double::doubleValue).toArray();
  }

  /** How many edges are below; 0 for missing. */
  private static int code(double[] edges, double value) {
    int code = 0;
    while (code < edges.length && value > edges[code]) {
      code++;
    }
    return code;
  }
}
