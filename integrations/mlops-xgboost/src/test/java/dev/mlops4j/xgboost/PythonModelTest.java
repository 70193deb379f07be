package dev.mlops4j.xgboost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.Output;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models of Python's XGBoost must predict here what they predict there; see make_vectors.py. */
class PythonModelTest {

  /** Of a float, relative. */
  private static final double TOLERANCE = 1e-6;

  @ParameterizedTest
  @ValueSource(strings = {"binary", "regression", "multiclass"})
  void predictsWhatPythonPredicts(String task) throws IOException {
    predictsWhatPythonPredicts(task, "");
  }

  /** XGBoost4J 3.0.4 by itself takes 0.5 for the base score of these; see make_base_scores.py. */
  @ParameterizedTest
  @ValueSource(strings = {"binary", "regression"})
  void predictsWhatPythonPredictsFromABaseScoreThatIsAList(String task) throws IOException {
    predictsWhatPythonPredicts(task, "-3.1");
  }

  @Test
  void refusesDifferentBaseScores() throws IOException {
    byte[] model = resource("multiclass-3.1.ubj");
    Signature signature =
        new Signature(
            List.of(Input.numeric("a"), Input.numeric("b"), Input.numeric("c")),
            output("multiclass"));

    assertThatThrownBy(() -> XgBoostModel.of(signature, model))
        .isInstanceOf(XgBoostException.class)
        .hasMessageContaining("different base scores")
        .hasMessageContaining("TreesLoader");
  }

  private static void predictsWhatPythonPredicts(String task, String version) throws IOException {
    JsonNode vectors = new ObjectMapper().readTree(resource("predictions" + version + ".json"));
    List<Input> inputs = new ArrayList<>();
    vectors.get("names").forEach(name -> inputs.add(Input.numeric(name.textValue())));
    JsonNode expected = vectors.get("tasks").get(task);
    try (XgBoostModel model =
        XgBoostModel.of(new Signature(inputs, output(task)), resource(task + version + ".ubj"))) {
      assertThat(expected).hasSize(60);
      for (int row = 0; row < expected.size(); row++) {
        double[] predicted = model.predict(vector(vectors.get("rows").get(row)));
        for (int i = 0; i < predicted.length; i++) {
          double value = expected.get(row).get(i).doubleValue();
          assertThat(predicted[i])
              .as("row %s", row)
              .isCloseTo(value, within(TOLERANCE * Math.max(1, Math.abs(value))));
        }
      }
    }
  }

  static Output output(String task) {
    return switch (task) {
      case "binary" -> Output.binary("late");
      case "regression" -> Output.regression("delay");
      default -> Output.multiclass("band", List.of("early", "on time", "late"));
    };
  }

  private static double[] vector(JsonNode row) {
    double[] vector = new double[row.size()];
    for (int i = 0; i < vector.length; i++) {
      String text = row.get(i).textValue().replace("inf", "Infinity").replace("nan", "NaN");
      vector[i] = Double.parseDouble(text);
    }
    return vector;
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = PythonModelTest.class.getResourceAsStream("/python/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    }
  }
}
