package dev.mlops4j.trees;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares with what Python's XGBoost and LightGBM predict. */
class VectorsTest {

  @Test
  void there_are_many_models() {
    assertThat(Vector.all()).hasSizeGreaterThan(60);
  }

  @ParameterizedTest
  @MethodSource("dev.mlops4j.trees.Vector#all")
  void margins_are_equal_bit_for_bit(Vector vector) {
    TreeModel model = vector.read();
    for (int i = 0; i < vector.count; i++) {
      double[] margins = new double[model.margins()];
      model.margin(vector.rows[i], margins);
      assertThat(margins).as(row(vector, i)).isEqualTo(vector.margins[i]);
      if (vector.isFloats(i)) {
        float[] floats = new float[model.margins()];
        model.margin(vector.row32(i), floats);
        assertThat(floats).as(row(vector, i)).isEqualTo(Vector.toFloats(vector.margins[i]));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.mlops4j.trees.Vector#all")
  void margins_of_the_first_iterations_are_equal_bit_for_bit(Vector vector) {
    if (vector.firstIterations == 0) {
      return;
    }
    TreeModel model = vector.read().firstIterations(vector.firstIterations);
    for (int i = 0; i < vector.count; i++) {
      double[] margins = new double[model.margins()];
      model.margin(vector.rows[i], margins);
      assertThat(margins).as(row(vector, i)).isEqualTo(vector.firstMargins[i]);
    }
  }

  @ParameterizedTest
  @MethodSource("dev.mlops4j.trees.Vector#all")
  void predictions_are_equal_within_one_ulp_and_those_of_softmax_within_four(Vector vector) {
    TreeModel model = vector.read();
    double ulps = vector.name.contains("soft") || vector.name.contains("class") ? 4 : 1;
    for (int i = 0; i < vector.count; i++) {
      double[] predictions = new double[model.outputs()];
      model.predict(vector.rows[i], predictions);
      for (int k = 0; k < predictions.length; k++) {
        double expected = vector.predictions[i][k];
        double ulp = vector.is64 ? Math.ulp(expected) : Math.ulp((float) expected);
        assertThat(predictions[k]).as(row(vector, i)).isEqualTo(expected, within(ulps * ulp));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.mlops4j.trees.Vector#all")
  void a_batch_gives_the_same_as_row_by_row(Vector vector) {
    TreeModel model = vector.read();
    int outputs = model.outputs();
    float[] rows = new float[vector.count * vector.features];
    float[] expected = new float[vector.count * outputs];
    for (int i = 0; i < vector.count; i++) {
      float[] row = vector.row32(i);
      System.arraycopy(row, 0, rows, i * row.length, row.length);
      float[] out = new float[outputs];
      model.predict(row, out);
      System.arraycopy(out, 0, expected, i * outputs, outputs);
    }
    float[] batch = new float[vector.count * outputs];
    model.predictAll(rows, vector.count, batch);
    assertThat(batch).isEqualTo(expected);
  }

  @ParameterizedTest
  @MethodSource("dev.mlops4j.trees.Vector#all")
  void leaves_are_the_same(Vector vector) {
    TreeModel model = vector.read();
    assertThat(vector.leaves[0]).hasSize(model.trees());
    for (int i = 0; i < vector.count; i++) {
      if (vector.isFloats(i) && vector.leaves[i][0] >= 0) {
        int[] leaves = new int[model.trees()];
        model.leaves(vector.row32(i), leaves);
        assertThat(Arrays.stream(leaves).asDoubleStream().toArray())
            .as(row(vector, i))
            .isEqualTo(vector.leaves[i]);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("dev.mlops4j.trees.Vector#all")
  void contributions_are_equal_but_for_rounding(Vector vector) {
    TreeModel model = vector.read();
    for (int i = 0; i < vector.count; i++) {
      double[] expected = vector.contributions[i];
      if (!vector.isFloats(i) || expected.length == 0 || Double.isNaN(expected[0])) {
        continue;
      }
      double[] contributions = new double[model.margins() * (vector.features + 1)];
      model.contributions(vector.row32(i), contributions);
      double scale = Arrays.stream(expected).map(Math::abs).max().orElseThrow();
      double tolerance = (vector.is64 ? 1e-9 : 3e-5) * Math.max(1, scale);
      assertThat(contributions).as(row(vector, i)).containsExactly(expected, within(tolerance));
    }
  }

  private static String row(Vector vector, int index) {
    return "row " + index + " " + Arrays.toString(vector.rows[index]);
  }
}
