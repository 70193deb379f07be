package dev.mlops4j.trees;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Reads a model of XGBoost, as 1.7 and all later releases write it in JSON and UBJSON. */
final class XgBoostReader {

  private final Values values;
  private final Format format;
  private final long fileSize;

  private final List<Tree> trees = new ArrayList<>();
  private int[] treeOutputs = {};
  private float[] weightDrop = {};
  private boolean dart;
  private int parallelTrees = 1;
  private String booster = "";
  private String objective = "";
  private float[] baseScore = {};
  private int features = -1;
  private int classes;
  private int targets = 1;
  private int bestIteration = -1;
  private List<String> names = List.of();
  private List<String> types = List.of();
  private List<List<String>> categories = List.of();

  private XgBoostReader(Values values, Format format, long fileSize) {
    this.values = values;
    this.format = format;
    this.fileSize = fileSize;
  }

  static TreeModel read(Values values, Format format, long fileSize) {
    XgBoostReader reader = new XgBoostReader(values, format, fileSize);
    reader.object(
        (key, in) -> {
          if (key.equals("learner")) {
            reader.object(reader::learner);
          } else {
            in.skip();
          }
        });
    return reader.model();
  }

  private void object(BiConsumer<String, Values> member) {
    values.beginObject();
    for (String key = values.nextKey(); key != null; key = values.nextKey()) {
      member.accept(key, values);
    }
  }

  private void learner(String key, Values in) {
    switch (key) {
      case "attributes" -> object(this::attribute);
      case "feature_names" -> names = texts();
      case "feature_types" -> types = texts();
      case "gradient_booster" -> object(this::gradientBooster);
      case "learner_model_param" -> object(this::learnerParam);
      case "objective" -> object(this::objective);
      default -> in.skip();
    }
  }

  private void attribute(String key, Values in) {
    if (key.equals("best_iteration")) {
      bestIteration = in.nextInt();
    } else {
      in.skip();
    }
  }

  private void objective(String key, Values in) {
    if (key.equals("name")) {
      objective = in.nextText();
    } else {
      in.skip();
    }
  }

  private void learnerParam(String key, Values in) {
    switch (key) {
      case "base_score" -> baseScore = baseScore(in);
      case "num_class" -> classes = in.nextInt();
      case "num_feature" -> features = in.nextInt();
      case "num_target" -> targets = in.nextInt();
      default -> in.skip();
    }
  }

  /** One number up to XGBoost 3.0, from 3.1 on a list of them, both as text. */
  private static float[] baseScore(Values in) {
    if (in.peek() == Values.Kind.ARRAY) {
      return in.nextFloats();
    }
    String text = in.nextText().strip();
    if (!text.startsWith("[") || !text.endsWith("]")) {
      return new float[] {in.parseFloat(text)};
    }
    Floats scores = new Floats();
    for (String score : text.substring(1, text.length() - 1).split(",", -1)) {
      scores.add(in.parseFloat(score.strip()));
    }
    return scores.toArray();
  }

  private void gradientBooster(String key, Values in) {
    switch (key) {
      case "name" -> {
        booster = in.nextText();
        if (booster.equals("gblinear")) {
          throw new UnsupportedModelException(
              "XGBoost's linear booster (gblinear) has no trees and is not supported");
        }
        dart |= booster.equals("dart");
      }
      case "model" -> object(this::treeModel);
      case "gbtree" -> object(this::gradientBooster);
      case "weight_drop" -> weightDrop = in.nextFloats();
      default -> in.skip();
    }
  }

  private void treeModel(String key, Values in) {
    switch (key) {
      case "gbtree_model_param" -> object(this::treeModelParam);
      case "tree_info" -> treeOutputs = in.nextInts();
      case "cats" -> categories = XgBoostCategories.next(in);
      case "trees" -> {
        in.beginArray();
        while (in.hasNext()) {
          trees.add(XgBoostTrees.next(in));
        }
      }
      // The linear booster keeps its name for last.
      case "weights" ->
          throw new UnsupportedModelException(
              "XGBoost's linear booster (gblinear) has no trees and is not supported");
      default -> in.skip();
    }
  }

  private void treeModelParam(String key, Values in) {
    if (key.equals("num_parallel_tree")) {
      parallelTrees = in.nextInt();
    } else {
      in.skip();
    }
  }

  private List<String> texts() {
    List<String> texts = new ArrayList<>();
    values.beginArray();
    while (values.hasNext()) {
      texts.add(values.nextText());
    }
    return texts;
  }

  private TreeModel model() {
    check(!booster.isEmpty() && !objective.isEmpty(), "This is not a model of XGBoost");
    XgBoostObjective known = XgBoostObjective.of(objective);
    int outputs = Math.max(1, Math.max(classes, targets));
    check(features >= 0, "num_feature is missing");
    check(outputs <= fileSize, "There are more classes than the file has bytes");
    check(treeOutputs.length == trees.size(), "tree_info does not fit the trees");
    check(parallelTrees > 0, "num_parallel_tree is not positive");
    check(names.isEmpty() || names.size() == features, "feature_names does not fit num_feature");
    check(types.isEmpty() || types.size() == features, "feature_types does not fit num_feature");
    check(
        categories.isEmpty() || categories.size() == features,
        "The categories do not fit num_feature");
    boolean[] categorical = new boolean[types.size()];
    for (int i = 0; i < categorical.length; i++) {
      categorical[i] = types.get(i).equals("c");
    }
    Description description =
        new Description(
            format,
            objective,
            known.transform(),
            features,
            names,
            categorical,
            categories,
            base(known, outputs),
            1,
            false,
            parallelTrees,
            bestIteration);
    return new TreeModel(description, ForestBuilder.build(outputs, checkedTrees(outputs)));
  }

  private float[] base(XgBoostObjective known, int outputs) {
    check(baseScore.length == 1 || baseScore.length == outputs, "base_score does not fit");
    float[] base = new float[outputs];
    for (int i = 0; i < outputs; i++) {
      base[i] = known.margin(baseScore[baseScore.length == 1 ? 0 : i]);
    }
    return base;
  }

  private List<BreadthFirst> checkedTrees(int outputs) {
    check(!dart || weightDrop.length == trees.size(), "weight_drop does not fit the trees");
    List<BreadthFirst> checked = new ArrayList<>(trees.size());
    for (int i = 0; i < treeOutputs.length; i++) {
      check(treeOutputs[i] == i / parallelTrees % outputs, "tree_info is not as XGBoost writes it");
      Tree tree = trees.get(i).to(treeOutputs[i], dart ? weightDrop[i] : 1);
      checked.add(BreadthFirst.of(tree, features, values.position()));
    }
    return checked;
  }

  private void check(boolean right, String otherwise) {
    if (!right) {
      throw values.malformed(otherwise);
    }
  }
}
