package dev.mlops4j.trees;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What a model says about itself. */
class DescribedTest {

  @Test
  void categories_of_a_data_frame_are_known_from_XGBoost() {
    described("xgboost-3.2.0-frame", "green");
  }

  @Test
  void categories_of_a_data_frame_are_known_from_LightGBM() {
    described("lightgbm-4.6.0-frame", "gr\u00fcn");
  }

  private static void described(String name, String green) {
    List<Feature> features = Vector.named(name).read().features();
    assertThat(features).extracting(Feature::name).containsExactly("a", "b", "c", "d", "e", "f");
    assertThat(features)
        .extracting(Feature::categorical)
        .containsExactly(false, false, false, false, true, true);
    assertThat(features.get(0).categories()).isEmpty();
    assertThat(features.get(4).categories()).containsExactly("red", green, "blue");
    assertThat(features.get(5).categories()).hasSize(40).startsWith("100", "101");
  }

  @Test
  void categories_that_XGBoost_stored_damaged_are_not_told() {
    String json = "{\"enc\":[{\"offsets\":[0,3,7],\"values\":[114,101,100,103,114,-61,-68]}]}";
    assertThat(XgBoostCategories.next(new JsonValues(json.getBytes(UTF_8))))
        .containsExactly(List.of());
  }

  @Test
  void an_early_stopped_model_tells_its_best_iteration_and_predicts_of_all() {
    Vector vector = Vector.named("xgboost-3.2.0-early-stopped");
    TreeModel model = vector.read();
    assertThat(model.bestIteration()).hasValue(vector.firstIterations - 1);
    assertThat(model.iterations()).isGreaterThan(vector.firstIterations);
    assertThat(model.firstIterations(vector.firstIterations).trees())
        .isEqualTo(vector.firstIterations);
  }

  @Test
  void a_model_tells_its_shape() {
    TreeModel model = Vector.named("xgboost-3.2.0-softprob-forest").read();
    assertThat(model.objective()).isEqualTo("multi:softprob");
    assertThat(model.format()).isIn(Format.XGBOOST_JSON, Format.XGBOOST_UBJSON);
    assertThat(model.outputs()).isEqualTo(3);
    assertThat(model.trees()).isEqualTo(63);
    assertThat(model.iterations()).isEqualTo(7);
    assertThat(model.bestIteration()).isEmpty();
    assertThat(model.features()).extracting(Feature::name).startsWith("f0", "f1").hasSize(6);
    assertThat(Vector.named("xgboost-3.2.0-softmax").read())
        .satisfies(
            argmax -> {
              assertThat(argmax.outputs()).isEqualTo(1);
              assertThat(argmax.margins()).isEqualTo(3);
            });
  }
}
