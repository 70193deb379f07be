package dev.mlops4j.serving;

import dev.mlops4j.model.ModelDescription;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.InputType;
import dev.mlops4j.model.Signature.Task;
import dev.mlops4j.trees.Feature;
import dev.mlops4j.trees.TreeModel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What a file of trees says of itself, in the words of a {@link ModelDescription}. */
final class TreesDescription {

  /** What the files begin with: JSON and UBJSON, LightGBM's text, XGBoost's old binary form. */
  private static final List<String> HEADS = List.of("{", "tree\n", "tree\r\n", "binf");

  private static final int HEAD_BYTES = 64;

  private TreesDescription() {}

  /** Whether a file is to be read as trees, if only to say what is wrong with it. */
  static boolean isOfTrees(byte[] file) {
    String head =
        new String(file, 0, Math.min(file.length, HEAD_BYTES), StandardCharsets.ISO_8859_1)
            .stripLeading();
    return HEADS.stream().anyMatch(head::startsWith);
  }

  static ModelDescription of(TreeModel trees, String format, String path) {
    List<Input> inputs = new ArrayList<>();
    List<Feature> features = trees.features();
    boolean named = false;
    for (int i = 0; i < features.size(); i++) {
      Feature feature = features.get(i);
      named |= !isUnnamed(feature.name(), i);
      inputs.add(
          new Input(
              feature.name(),
              feature.categorical() ? InputType.CATEGORICAL : InputType.NUMERIC,
              feature.categories()));
    }
    return new ModelDescription(
        format,
        path,
        inputs,
        named,
        task(trees),
        trees.outputs(),
        List.of(),
        trees.iterations(),
        trees.bestIteration().isPresent() ? trees.bestIteration().getAsInt() + 1 : 0);
  }

  /** XGBoost and LightGBM call features so that were given without names. */
  static boolean isUnnamed(String name, int position) {
    return name.equals("f" + position) || name.equals("Column_" + position);
  }

  /** Only what is a probability is one: a margin or a share is a number. */
  private static Task task(TreeModel trees) {
    return switch (trees.objective()) {
      case "binary:logistic", "binary:hinge", "binary" -> Task.BINARY;
      case "multi:softprob", "multi:softmax", "multiclass", "multiclassova" -> Task.MULTICLASS;
      default -> Task.REGRESSION;
    };
  }
}
