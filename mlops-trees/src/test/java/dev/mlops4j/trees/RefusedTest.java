package dev.mlops4j.trees;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is not computed is refused, and the message says what it is and what to do. */
class RefusedTest {
  private static final String STUMP = model();

  @TempDir Path directory;

  @Test
  void a_small_model_written_by_hand_is_read() {
    TreeModel model = read(STUMP);
    float[] out = new float[1];
    model.predict(new float[] {1.5f, 0}, out);
    assertThat(out).containsExactly(0.5f + 2f);
    model.predict(new float[] {1.4f, 0}, out);
    assertThat(out).containsExactly(0.5f + -1f);
  }

  @Test
  void the_old_binary_form_is_refused_with_its_conversion() {
    unsupported("binf\0\0\0\0?", "old binary form", "save_model('new.ubj')");
  }

  @Test
  void a_pickle_is_refused() {
    unsupported("\u0080\4\u0095rest", "pickle", "save_model");
  }

  @Test
  void a_linear_booster_is_refused() {
    unsupported(STUMP.replace("\"name\":\"gbtree\"", "\"name\":\"gblinear\""), "gblinear");
    unsupported(
        "{\"learner\":{\"gradient_booster\":{\"model\":{\"weights\":[1]},\"name\":\"gblinear\"}}}",
        "gblinear");
  }

  @Test
  void multi_output_trees_are_refused() {
    unsupported(
        STUMP.replace("\"size_leaf_vector\":\"1\"", "\"size_leaf_vector\":\"3\""),
        "multi_output_tree",
        "one_output_per_tree");
  }

  @Test
  void an_unknown_objective_is_refused_by_its_name() {
    unsupported(STUMP.replace("reg:squarederror", "reg:novel"), "'reg:novel'");
  }

  @Test
  void a_linear_tree_of_LightGBM_is_refused() {
    String model = new String(Vector.named("lightgbm-4.6.0-regression").model, UTF_8);
    unsupported(model.replace("is_linear=0", "is_linear=1"), "linear_tree");
    unsupported(model.replace("version=v4", "version=v9"), "'v9'");
    unsupported(model.replace("objective=regression", "objective=novel"), "'novel'");
  }

  @Test
  void a_cycle_in_a_tree_is_malformed() {
    malformed(
        STUMP.replace("\"left_children\":[1,-1,-1]", "\"left_children\":[0,-1,-1]"), "parent");
    malformed(
        STUMP.replace("\"right_children\":[2,-1,-1]", "\"right_children\":[1,-1,-1]"), "parent");
    malformed(
        STUMP.replace("\"left_children\":[1,-1,-1]", "\"left_children\":[7,-1,-1]"), "child 7");
  }

  @Test
  void a_feature_that_no_row_has_is_malformed() {
    malformed(
        STUMP.replace("\"split_indices\":[0,0,0]", "\"split_indices\":[2,0,0]"), "feature 2 of 2");
  }

  @Test
  void arrays_of_unequal_length_are_malformed() {
    malformed(STUMP.replace("\"default_left\":[0,0,0]", "\"default_left\":[0,0]"), "default_left");
  }

  @Test
  void a_file_that_ends_too_early_is_malformed_at_its_end() {
    String half = STUMP.substring(0, STUMP.length() / 2);
    assertThatThrownBy(() -> read(half))
        .isInstanceOfSatisfying(
            MalformedModelException.class, e -> assertThat(e.position()).isEqualTo(half.length()))
        .hasMessageContaining("ends too early (at byte " + half.length() + ")");
  }

  @Test
  void another_kind_of_file_is_malformed() {
    malformed("PK\3\4", "neither");
    malformed("", "neither");
    malformed("{}", "not a model of XGBoost");
    malformed("{\"a\":" + "[".repeat(1000), "nested");
    malformed("tree\nversion=v4\n", "'num_tree_per_iteration' is missing");
  }

  @Test
  void a_row_or_a_result_of_another_length_is_an_illegal_argument() {
    TreeModel model = read(STUMP);
    assertThatThrownBy(() -> model.predict(new float[3], new float[1]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("row has 3 values, the model asks for 2");
    assertThatThrownBy(() -> model.predict(new float[2], new float[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("out has 2 values, the model asks for 1");
    assertThatThrownBy(() -> model.predictAll(new float[2], 2, new float[2]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("rows has 2 values, the model asks for 4");
    assertThatThrownBy(() -> model.firstIterations(2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Asked for the first 2 iterations of 1");
  }

  @Test
  void contributions_without_cover_are_refused() {
    TreeModel model = read(STUMP.replace("[3,1,2]", "[0,0,0]"));
    assertThatThrownBy(() -> model.contributions(new float[2], new double[3]))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContaining("how much training data");
  }

  @Test
  void files_and_streams_are_read_alike_whatever_their_name() throws Exception {
    Path file = Files.writeString(directory.resolve("model.xgb"), STUMP);
    assertThat(TreeModel.read(file)).hasToString(read(STUMP).toString());
    assertThat(TreeModel.read(Files.newInputStream(file))).hasToString(read(STUMP).toString());
  }

  private static void unsupported(String model, String... parts) {
    assertThatThrownBy(() -> read(model))
        .isInstanceOf(UnsupportedModelException.class)
        .hasMessageContainingAll(parts);
  }

  private static void malformed(String model, String part) {
    assertThatThrownBy(() -> read(model))
        .isInstanceOf(MalformedModelException.class)
        .hasMessageContaining(part)
        .hasMessageContaining("at byte");
  }

  private static TreeModel read(String model) {
    return TreeModel.read(model.getBytes(ISO_8859_1));
  }

  private static String model() {
    return """
        {"learner":{"attributes":{},"feature_names":[],"feature_types":[],"gradient_booster":\
        {"model":{"gbtree_model_param":{"num_parallel_tree":"1","num_trees":"1"},"tree_info":[0],\
        "trees":[{"left_children":[1,-1,-1],"right_children":[2,-1,-1],"split_indices":[0,0,0],\
        "split_conditions":[1.5,-1,2],"default_left":[0,0,0],"sum_hessian":[3,1,2],\
        "tree_param":{"size_leaf_vector":"1"}}]},"name":"gbtree"},"learner_model_param":\
        {"base_score":"5E-1","num_class":"0","num_feature":"2","num_target":"1"},\
        "objective":{"name":"reg:squarederror"}},"version":[3,0,0]}""";
  }
}
