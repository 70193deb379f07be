package dev.mlops4j.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.Output;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UntypedPredictorTest {

  private static final Signature SIGNATURE =
      new Signature(
          List.of(Input.numeric("distance"), Input.categorical("carrier", List.of("AA", "UA"))),
          Output.multiclass("delay", List.of("short", "long")));

  private static final Model MODEL =
      Model.of(
          SIGNATURE,
          (vector, output) -> {
            output[0] = Double.isNaN(vector[1]) ? 0.5 : vector[1] / 4;
            output[1] = 1 - output[0];
          });

  record Typed(double number, long whole, boolean truth, String text, Instant at) {}

  private static final FeatureSet<Typed> TYPED =
      FeatureSet.named("typed", Typed.class)
          .numeric("sum", t -> t.number() + t.whole() + (t.truth() ? 1 : 0))
          .numeric("second", t -> t.at() == null ? Double.NaN : t.at().getEpochSecond())
          .build();

  private static final Signature OF_TYPED =
      new Signature(List.of(Input.numeric("sum"), Input.numeric("second")), Output.regression("y"));

  private static Predictor<Typed> typed() {
    return Predictor.of(TYPED)
        .serve("typed", Model.of(OF_TYPED, (v, out) -> out[0] = v[0] + v[1]))
        .build();
  }

  private static Predictor<Map<String, Object>> inputs() {
    return Predictor.ofInputs().serve("delay", MODEL).build();
  }

  @Test
  void columnsBecomeTheRequest() {
    try (Predictor<Typed> predictor = typed()) {
      UntypedPredictor untyped = predictor.untyped();

      assertThat(untyped.schema().names())
          .containsExactly("number", "whole", "truth", "text", "at");
      Map<String, Object> columns = new HashMap<>();
      columns.put("number", 1);
      columns.put("whole", 2.0);
      columns.put("truth", true);
      columns.put("at", "1970-01-01T00:01:00Z");
      assertThat(untyped.predict(columns).value()).isEqualTo(64);
    }
  }

  @Test
  void allThatIsWrongWithColumnsIsInOneMessage() {
    try (Predictor<Typed> predictor = typed()) {
      Map<String, Object> columns = new HashMap<>();
      columns.put("number", "one");
      columns.put("whole", 2.5);
      columns.put("at", "yesterday");
      columns.put("colour", "red");

      assertThatThrownBy(() -> predictor.untyped().predict(columns))
          .isInstanceOfSatisfying(
              InvalidRequestException.class, e -> assertThat(e.problems()).hasSize(5))
          .hasMessageContaining("\"number\" is a number")
          .hasMessageContaining("\"whole\" is a whole number")
          .hasMessageContaining("\"truth\" is required and absent")
          .hasMessageContaining("\"at\" is an instant")
          .hasMessageContaining("\"colour\" is not asked for; there are: number, whole");
    }
  }

  @Test
  void rowsAreNumberedAndNoneIsPredictedIfOneIsWrong() {
    try (Predictor<Map<String, Object>> predictor = inputs()) {
      List<Map<String, Object>> rows =
          List.of(Map.of("distance", 1, "carrier", "AA"), Map.of("distance", 1, "carrier", 7));

      assertThatThrownBy(() -> predictor.untyped().predictAll(rows))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("\"carrier\" is a category as text, found a Integer");
      assertThat(predictor.untyped().predictAll(List.of())).isEmpty();
    }
  }

  @Test
  void inputsAreTakenByNameWhateverTheirOrder() {
    try (Predictor<Map<String, Object>> predictor = inputs()) {
      assertThat(predictor.untyped().schema().fields())
          .extracting(field -> field.name() + " " + field.type())
          .containsExactly("distance " + ColumnType.FLOAT64, "carrier " + ColumnType.STRING);
      Prediction prediction = predictor.predict(Map.of("carrier", "UA", "distance", 17L));
      assertThat(prediction.vector()).containsExactly(17, 1);
      assertThat(prediction.label()).isEqualTo("long");
      assertThat(prediction.probabilities()).containsEntry("short", 0.25);

      Map<String, Object> missing = new HashMap<>();
      missing.put("distance", null);
      missing.put("carrier", "ZZ");
      assertThat(predictor.predict(missing).vector()).containsExactly(Double.NaN, Double.NaN);

      assertThatThrownBy(() -> predictor.predict(Map.of("distence", 1)))
          .isInstanceOfSatisfying(
              InvalidRequestException.class, e -> assertThat(e.problems()).hasSize(3));
    }
  }

  @Test
  void jsonGoesInAndComesOut() {
    try (Predictor<Map<String, Object>> predictor = inputs()) {
      UntypedPredictor untyped = predictor.untyped();

      assertThat(untyped.predictJson("{\"distance\": 1.5, \"carrier\": \"UA\"}"))
          .contains("\"label\":\"long\"")
          .contains("\"probabilities\":{\"short\":0.25,\"long\":0.75}")
          .contains("\"version\":0")
          .contains("\"arm\":\"champion\"");
      assertThat(untyped.predictJson("[{\"distance\": null, \"carrier\": null}]")).startsWith("[{");
      for (String bad :
          Arrays.asList(
              "",
              "{",
              "7",
              "null",
              "[1]",
              "{\"distance\": [1], \"carrier\": null}",
              "{\"distance\": 1, \"distance\": 2, \"carrier\": null}",
              "{} {}")) {
        assertThatThrownBy(() -> untyped.predictJson(bad))
            .as(bad)
            .isInstanceOf(InvalidRequestException.class);
      }
    }
  }

  @Test
  void checksOfInputsNameEveryProblem() {
    InputChecks checks =
        InputChecks.none().infinities().unseenCategories().missing("distance").outside(0.1);
    try (Predictor<Trip> predictor =
        Predictor.of(Trip.FEATURES)
            .serve("m", FallbackTest.packaged(1))
            .loaders(dev.mlops4j.model.ModelLoaders.of(new NumberLoader()))
            .checks(checks)
            .build()) {
      assertThat(predictor.predict(new Trip(310, "UA")).value()).isEqualTo(1);
      assertThatThrownBy(() -> predictor.predict(new Trip(Double.NaN, "ZZ")))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("\"carrier\" has a category that training did not see: \"ZZ\"")
          .hasMessageContaining("\"distance\" is missing");
      assertThatThrownBy(() -> predictor.predict(new Trip(330, "UA")))
          .hasMessageContaining("\"distance\" should be from 80.0 to 320.0, found 330.0");
      assertThatThrownBy(() -> predictor.predict(new Trip(Double.NEGATIVE_INFINITY, "UA")))
          .hasMessageContaining("\"distance\" is infinite");
    }
    assertThatThrownBy(() -> InputChecks.none().outside(-1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
