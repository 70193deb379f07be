package dev.mlops4j.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mlops4j.model.Explainable;
import dev.mlops4j.model.Explanation;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.ModelLoadException;
import dev.mlops4j.model.ModelLoaders;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.Output;
import dev.mlops4j.trees.TreeModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The numbers are those that XGBoost and LightGBM in Python give; see {@link PythonTrees}. */
class TreesLoaderTest {

  private static Signature signature(PythonTrees python, Output output) {
    return new Signature(
        IntStream.range(0, python.features()).mapToObj(i -> Input.numeric("x" + i)).toList(),
        output);
  }

  @Test
  void itIsFoundOnTheClassPath() {
    assertThat(ModelLoaders.discovered().formats())
        .contains("xgboost-ubj", "xgboost-json", "lightgbm-text");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "xgboost-3.0.5-logistic-json",
        "xgboost-2.1.4-squared-error-ubj",
        "lightgbm-4.6.0-binary"
      })
  void predictionsAreThoseOfPython(String name) {
    PythonTrees python = PythonTrees.read(name);
    Signature signature =
        signature(python, name.contains("squared") ? Output.regression("y") : Output.binary("y"));
    Model model = TreesModel.of(signature, TreeModel.read(python.model()));

    double[] all = new double[python.rows().length * python.features()];
    for (int row = 0; row < python.rows().length; row++) {
      double expected = python.predictions()[row][0];
      assertThat(model.predict(python.rows()[row])[0])
          .isCloseTo(expected, within(1e-6 * Math.max(1, Math.abs(expected))));
      System.arraycopy(python.rows()[row], 0, all, row * python.features(), python.features());
    }
    double[] batch = model.predictAll(all, python.rows().length);
    for (int row = 0; row < batch.length; row++) {
      assertThat(batch[row]).isEqualTo(model.predict(python.rows()[row])[0]);
    }
    assertThat(model.gainsFromBatches()).isFalse();
  }

  @Test
  void classesHaveProbabilitiesAndContributionsAddUpToMargins() {
    PythonTrees python = PythonTrees.read("xgboost-3.0.5-softprob-json");
    int classes = python.predictions()[0].length;
    List<String> labels = IntStream.range(0, classes).mapToObj(i -> "class" + i).toList();
    Signature signature = signature(python, Output.multiclass("y", labels));
    Model trees = TreesModel.of(signature, TreeModel.read(python.model()));
    try (Predictor<Map<String, Object>> predictor =
        Predictor.ofInputs().serve("m", trees).build()) {
      Map<String, Object> request = new HashMap<>();
      for (int i = 0; i < python.features(); i++) {
        request.put("x" + i, python.rows()[0][i]);
      }
      Prediction prediction = predictor.predict(request);
      Explanation explanation = predictor.explain(prediction);

      assertThat(prediction.probabilities().values().stream().mapToDouble(p -> p).sum())
          .isCloseTo(1, within(1e-6));
      for (int margin = 0; margin < classes; margin++) {
        double sum = explanation.base()[margin];
        for (double part : explanation.contributions()[margin]) {
          sum += part;
        }
        assertThat(sum).isCloseTo(python.margins()[0][margin], within(1e-4));
      }
      assertThat(explanation.ranked(0)).hasSize(python.features());
    }
    assertThat(trees).isInstanceOf(Explainable.class);
  }

  @Test
  void allDifferencesFromTheSignatureAreInOneMessage() {
    PythonTrees python = PythonTrees.read("xgboost-3.0.5-logistic-json");
    List<Input> inputs = new ArrayList<>(signature(python, Output.binary("y")).inputs());
    inputs.remove(0);

    assertThatThrownBy(
            () ->
                TreesModel.of(
                    new Signature(inputs, Output.multiclass("y", List.of("a", "b"))),
                    TreeModel.read(python.model())))
        .isInstanceOf(ModelLoadException.class)
        .hasMessageContaining("the signature has " + inputs.size())
        .hasMessageContaining("gives 1 outputs, the signature has 2");
  }
}
