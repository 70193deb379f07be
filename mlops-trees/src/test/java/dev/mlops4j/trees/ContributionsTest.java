package dev.mlops4j.trees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ContributionsTest {
  private static final int FEATURES = 5;

  @Test
  void contributions_are_the_Shapley_values_by_their_definition() {
    SplittableRandom random = new SplittableRandom(7);
    for (int repeat = 0; repeat < 30; repeat++) {
      Forest forest =
          ForestBuilder.build(
              1,
              List.of(
                  BreadthFirst.of(tree(random), FEATURES, 0),
                  BreadthFirst.of(tree(random), FEATURES, 0)));
      float[] row = new float[FEATURES];
      for (int i = 0; i < FEATURES; i++) {
        row[i] = random.nextInt(6) == 0 ? Float.NaN : (float) random.nextDouble();
      }
      double[] contributions = new double[FEATURES + 1];
      Contributions.compute(description(), forest, row, contributions);
      for (int i = 0; i < FEATURES; i++) {
        assertThat(contributions[i]).isCloseTo(byDefinition(forest, row, i), within(1e-12));
      }
      assertThat(contributions[FEATURES]).isCloseTo(0.5 + expected(forest, row, 0), within(1e-12));
    }
  }

  @Test
  void contributions_add_up_to_the_margin() {
    for (String name :
        List.of("3.2.0-partition-json", "2.1.4-softprob-json", "lightgbm-4.6.0-deep")) {
      Vector vector = Vector.named(name);
      TreeModel model = vector.read();
      int width = model.featureCount() + 1;
      for (int i = 0; i < vector.count; i++) {
        double[] contributions = new double[model.margins() * width];
        model.contributions(vector.row32(i), contributions);
        float[] margins = new float[model.margins()];
        model.margin(vector.row32(i), margins);
        for (int output = 0; output < margins.length; output++) {
          double sum = 0;
          for (int k = 0; k < width; k++) {
            sum += contributions[output * width + k];
          }
          assertThat(sum).isCloseTo(margins[output], within(1e-5));
        }
      }
    }
  }

  private static double byDefinition(Forest forest, float[] row, int feature) {
    double sum = 0;
    for (int known = 0; known < 1 << FEATURES; known++) {
      if ((known >> feature & 1) == 0) {
        int size = Integer.bitCount(known);
        double weight = factorial(size) * factorial(FEATURES - size - 1) / factorial(FEATURES);
        sum +=
            weight * (expected(forest, row, known | 1 << feature) - expected(forest, row, known));
      }
    }
    return sum;
  }

  private static double expected(Forest forest, float[] row, int known) {
    double sum = 0;
    for (int root : forest.root) {
      sum += below(forest, root, row, known);
    }
    return sum;
  }

  private static double below(Forest forest, int node, float[] row, int known) {
    if (forest.isLeaf(node)) {
      return forest.value[node];
    }
    int left = forest.firstChild(node);
    int feature = forest.feature[node];
    if ((known >> feature & 1) != 0) {
      return below(forest, Walk.goesLeft(forest, node, row[feature]) ? left : left + 1, row, known);
    }
    double all = forest.cover[left] + forest.cover[left + 1];
    return forest.cover[left] / all * below(forest, left, row, known)
        + forest.cover[left + 1] / all * below(forest, left + 1, row, known);
  }

  private static double factorial(int n) {
    return n < 2 ? 1 : n * factorial(n - 1);
  }

  /** A full tree of seven levels, so that features come twice on a way. */
  private static Tree tree(SplittableRandom random) {
    int nodes = 127;
    int[] left = new int[nodes];
    int[] right = new int[nodes];
    int[] feature = new int[nodes];
    double[] split = new double[nodes];
    byte[] flags = new byte[nodes];
    double[] value = new double[nodes];
    double[] cover = new double[nodes];
    for (int i = nodes - 1; i >= 0; i--) {
      boolean leaf = i >= 63;
      left[i] = leaf ? -1 : 2 * i + 1;
      right[i] = leaf ? -1 : 2 * i + 2;
      feature[i] = random.nextInt(FEATURES);
      split[i] = random.nextDouble();
      flags[i] = (byte) random.nextInt(2);
      value[i] = random.nextDouble() - 0.5;
      cover[i] = leaf ? random.nextInt(1, 9) : cover[left[i]] + cover[right[i]];
    }
    return new Tree(
        0, left, right, feature, split, flags, new int[nodes][0], value, cover, new int[nodes]);
  }

  private static Description description() {
    return new Description(
        Format.XGBOOST_JSON,
        "reg:squarederror",
        Transform.IDENTITY,
        FEATURES,
        List.of(),
        new boolean[0],
        List.of(),
        new float[] {0.5f},
        1,
        false,
        1,
        -1);
  }
}
