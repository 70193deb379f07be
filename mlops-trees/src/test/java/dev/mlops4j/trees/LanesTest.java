package dev.mlops4j.trees;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Trees walked several at once, against the same trees walked one by one. */
class LanesTest {
  private static final int FEATURES = 6;
  private static final float[] EDGES = {
    Float.NaN,
    Float.NEGATIVE_INFINITY,
    Float.POSITIVE_INFINITY,
    0f,
    -0f,
    1e-35f,
    -1e-35f,
    Math.nextUp(1e-35f),
    Float.MIN_VALUE,
    Float.MAX_VALUE
  };

  private static final Description SUM =
      new Description(
          Format.XGBOOST_JSON,
          "reg:squarederror",
          Transform.IDENTITY,
          FEATURES,
          List.of(),
          new boolean[0],
          List.of(),
          new float[1],
          1,
          false,
          1,
          -1);

  private final SplittableRandom random = new SplittableRandom(11);

  @Test
  void all_rules_for_what_is_missing_give_the_leaf_of_a_walk_node_by_node() {
    for (int repeat = 0; repeat < 200; repeat++) {
      Forest forest = forest(1 + random.nextInt(40), FEATURES);
      float[] rows = rows(1 + random.nextInt(300));
      assertThat(sums(forest, rows)).containsExactly(byNode(forest, rows));
      assertThat(batch(forest, rows)).containsExactly(byNode(forest, rows));
    }
  }

  @Test
  void questions_too_many_to_be_answered_in_advance_are_asked_on_the_way() {
    List<BreadthFirst> trees = new ArrayList<>();
    int features = Forest.MOST_ASKS + 100;
    for (int feature = 0; feature < features; feature++) {
      trees.add(BreadthFirst.of(stump(feature, (byte) 0), features, 0));
    }
    Forest forest = ForestBuilder.build(1, trees);
    assertThat(forest.asks.size()).isEqualTo(Forest.MOST_ASKS);
    assertThat(forest.steps[Forest.MOST_ASKS - 1]).isEqualTo(1);
    assertThat(forest.steps[Forest.MOST_ASKS]).isEqualTo(-1);
    float[] row = new float[features];
    for (int i = 0; i < features; i++) {
      row[i] = (float) random.nextDouble();
    }
    float sum = 0;
    for (int tree = 0; tree < features; tree++) {
      sum += (float) forest.value[Walk.leaf(forest, tree, row, 0)];
    }
    assertThat(Sums.add32(forest, 0, row, 0, forest.asks.of(row, 0), 0)).isEqualTo(sum);
  }

  private Forest forest(int trees, int features) {
    List<BreadthFirst> all = new ArrayList<>();
    for (int i = 0; i < trees; i++) {
      all.add(BreadthFirst.of(tree(random.nextInt(12)), features, 0));
    }
    return ForestBuilder.build(1, all);
  }

  private Tree tree(int splits) {
    int nodes = 2 * splits + 1;
    Tree tree = empty(nodes);
    List<Integer> leaves = new ArrayList<>(List.of(0));
    for (int next = 1; next < nodes; next += 2) {
      int at = leaves.remove(random.nextInt(leaves.size()));
      tree.left()[at] = next;
      tree.right()[at] = next + 1;
      tree.feature()[at] = random.nextInt(FEATURES);
      tree.flags()[at] =
          (byte) (random.nextInt(2) * Tree.DEFAULT_LEFT + random.nextInt(2) * Tree.ZERO_IS_MISSING);
      tree.split()[at] = value();
      leaves.add(next);
      leaves.add(next + 1);
    }
    return tree;
  }

  private Tree stump(int feature, byte flags) {
    Tree tree = empty(3);
    tree.left()[0] = 1;
    tree.right()[0] = 2;
    tree.feature()[0] = feature;
    tree.flags()[0] = flags;
    tree.split()[0] = random.nextDouble();
    return tree;
  }

  private Tree empty(int nodes) {
    int[] left = new int[nodes];
    double[] value = new double[nodes];
    for (int i = 0; i < nodes; i++) {
      left[i] = -1;
      value[i] = random.nextDouble();
    }
    return new Tree(
        0,
        left,
        new int[nodes],
        new int[nodes],
        new double[nodes],
        new byte[nodes],
        new int[nodes][0],
        value,
        new double[nodes],
        new int[nodes]);
  }

  private float[] rows(int count) {
    float[] rows = new float[count * FEATURES];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = value();
    }
    return rows;
  }

  private float value() {
    return random.nextInt(3) == 0
        ? EDGES[random.nextInt(EDGES.length)]
        : (float) (random.nextDouble() - 0.5);
  }

  private static float[] byNode(Forest forest, float[] rows) {
    float[] sums = new float[rows.length / FEATURES];
    for (int i = 0; i < sums.length; i++) {
      for (int tree = 0; tree < forest.trees(); tree++) {
        sums[i] += (float) forest.value[Walk.leaf(forest, tree, rows, i * FEATURES)];
      }
    }
    return sums;
  }

  private static float[] sums(Forest forest, float[] rows) {
    float[] sums = new float[rows.length / FEATURES];
    for (int i = 0; i < sums.length; i++) {
      int[] answers = forest.asks.of(rows, i * FEATURES);
      sums[i] = Sums.add32(forest, 0, rows, i * FEATURES, answers, 0);
    }
    return sums;
  }

  private static float[] batch(Forest forest, float[] rows) {
    float[] sums = new float[rows.length / FEATURES];
    Batch.predict(SUM, forest, rows, sums.length, sums);
    return sums;
  }
}
