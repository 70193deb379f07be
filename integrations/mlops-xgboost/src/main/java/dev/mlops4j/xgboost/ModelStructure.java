package dev.mlops4j.xgboost;

import dev.mlops4j.xgboost.UbjReader.Numbers;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What must hold of a model before XGBoost's native code sees it. That code trusts its file: for a
 * child that is no node, or a feature that there is not, it reads memory that is not the model's.
 * This ends most such crashes; it is no proof that a file is harmless.
 */
final class ModelStructure {

  private static final int NO_NODE = -1;

  /** All arrays of a tree that have an element a node. */
  private static final List<String> PER_NODE =
      List.of(
          "base_weights",
          "default_left",
          "left_children",
          "loss_changes",
          "parents",
          "right_children",
          "split_conditions",
          "split_indices",
          "split_type",
          "sum_hessian");

  /** Arrays for splits by sets of categories, which this library does not train. */
  private static final List<String> OF_CATEGORIES =
      List.of("categories", "categories_nodes", "categories_segments", "categories_sizes");

  private ModelStructure() {}

  /**
   * Checks the file of a model with this many outputs.
   *
   * @throws XgBoostException if it is no UBJSON, or not of trees that hold together
   */
  static void check(byte[] bytes, int outputs) {
    Map<?, ?> learner = object(object(UbjReader.read(bytes), "the file"), "learner");
    Map<?, ?> params = object(learner, "learner_model_param");
    long features = integer(params, "num_feature");
    long groups = Math.max(1, integer(params, "num_class"));
    if (groups != outputs) {
      throw new XgBoostException(
          XgBoostModel.FILE
              + " predicts "
              + groups
              + " numbers a row, the signature says "
              + outputs
              + "; the package is put together wrongly");
    }
    require(features >= 0 && integer(params, "num_target") == 1, "has several targets");
    for (String perFeature : List.of("feature_names", "feature_types")) {
      int size = learner.containsKey(perFeature) ? list(learner, perFeature).size() : 0;
      require(size == 0 || size == features, "has too few or many " + perFeature);
    }
    Map<?, ?> objective = object(learner, "objective");
    if (objective.containsKey("softmax_multiclass_param")) {
      require(
          integer(object(objective, "softmax_multiclass_param"), "num_class") == groups,
          "contradicts itself in its classes");
    }
    Map<?, ?> booster = object(learner, "gradient_booster");
    require("gbtree".equals(booster.get("name")), "is not of a booster \"gbtree\"");
    checkTrees(object(booster, "model"), features, groups);
  }

  private static void checkTrees(Map<?, ?> model, long features, long groups) {
    List<?> trees = list(model, "trees");
    Map<?, ?> params = object(model, "gbtree_model_param");
    long parallel = integer(params, "num_parallel_tree");
    require(integer(params, "num_trees") == trees.size(), "says another number of trees");
    require(parallel >= 1 && parallel <= Math.max(1, trees.size()), "has no trees a round");
    List<?> groupOf = list(model, "tree_info");
    require(groupOf.size() == trees.size(), "does not say of each tree what it predicts");
    for (Object group : groupOf) {
      require(group instanceof Long g && g >= 0 && g < groups, "predicts a class that is none");
    }
    if (model.containsKey("iteration_indptr")) {
      checkRounds(list(model, "iteration_indptr"), trees.size());
    }
    if (model.containsKey("cats")) {
      for (Object part : object(model, "cats").values()) {
        boolean empty = part instanceof Numbers n ? n.size() == 0 : List.of().equals(part);
        require(empty, "has names of categories, which this library does not train with");
      }
    }
    for (Object tree : trees) {
      checkTree(object(tree, "tree"), features);
    }
  }

  private static void checkRounds(List<?> starts, int trees) {
    long before = 0;
    for (Object start : starts) {
      require(start instanceof Long s && s >= before, "has rounds that go backwards");
      before = (Long) start;
    }
    require(
        !starts.isEmpty() && starts.get(0).equals(0L) && before == trees,
        "has rounds of other trees");
  }

  private static void checkTree(Map<?, ?> tree, long features) {
    Map<?, ?> params = object(tree, "tree_param");
    long count = integer(params, "num_nodes");
    require(count >= 1, "has a tree without nodes");
    require(integer(params, "num_feature") == features, "has a tree of other features");
    require(integer(params, "size_leaf_vector") <= 1, "has leaves of several numbers");
    for (String name : PER_NODE) {
      require(numbers(tree, name).size() == count, "has a tree with too few or many " + name);
    }
    for (String name : OF_CATEGORIES) {
      require(numbers(tree, name).size() == 0, "has splits by sets of categories");
    }
    int nodes = (int) count;
    List<Long> left = integers(tree, "left_children", nodes);
    List<Long> right = integers(tree, "right_children", nodes);
    List<Long> parents = integers(tree, "parents", nodes);
    List<Long> splits = integers(tree, "split_indices", nodes);
    List<Long> types = integers(tree, "split_type", nodes);
    integers(tree, "default_left", nodes);
    for (int node = 0; node < nodes; node++) {
      long l = left.get(node);
      long r = right.get(node);
      boolean leaf = l == NO_NODE && r == NO_NODE;
      require(leaf || (isChild(l, nodes) && isChild(r, nodes)), "has a child that is no node");
      require(types.get(node) == 0, "has splits by sets of categories");
    }
    // Nodes that were pruned stay in the arrays, and nothing leads to them.
    BitSet reached = new BitSet(nodes);
    Deque<Integer> open = new ArrayDeque<>(List.of(0));
    while (!open.isEmpty()) {
      int node = open.pop();
      require(!reached.get(node), "has a node that two lead to");
      reached.set(node);
      if (left.get(node) != NO_NODE) {
        long split = splits.get(node);
        require(split >= 0 && split < features, "splits by a feature that there is not");
        for (long child : new long[] {left.get(node), right.get(node)}) {
          require(parents.get((int) child) == node, "has a child of another parent");
          open.push((int) child);
        }
      }
    }
  }

  private static boolean isChild(long node, int nodes) {
    return node > 0 && node < nodes;
  }

  private static List<Long> integers(Map<?, ?> tree, String name, int count) {
    List<Long> values = numbers(tree, name).values();
    require(values.size() == count, "has no whole numbers as " + name);
    return values;
  }

  private static Numbers numbers(Map<?, ?> parent, String name) {
    if (parent.get(name) instanceof Numbers numbers) {
      return numbers;
    }
    throw wrong("has no numbers \"" + name + "\"");
  }

  private static List<?> list(Map<?, ?> parent, String name) {
    Object value = parent.get(name);
    if (value instanceof Numbers numbers) {
      return numbers.values();
    }
    if (value instanceof List<?> list) {
      return list;
    }
    throw wrong("has no list \"" + name + "\"");
  }

  private static Map<?, ?> object(Map<?, ?> parent, String name) {
    return object(parent.get(name), name);
  }

  private static Map<?, ?> object(@Nullable Object value, String name) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw wrong("has no object \"" + name + "\"");
  }

  /** XGBoost writes its parameters as text. */
  private static long integer(Map<?, ?> parent, String name) {
    if (parent.get(name) instanceof String text && text.matches("[0-9]{1,9}")) {
      return Long.parseLong(text);
    }
    throw wrong("has no whole number \"" + name + "\"");
  }

  private static void require(boolean holds, String problem) {
    if (!holds) {
      throw wrong(problem);
    }
  }

  private static XgBoostException wrong(String problem) {
    return new XgBoostException(
        XgBoostModel.FILE
            + " "
            + problem
            + "; it is not a model that XGBoost would write, fetch the package again or use"
            + " another version");
  }
}
