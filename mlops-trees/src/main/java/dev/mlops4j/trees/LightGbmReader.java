package dev.mlops4j.trees;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Reads a model of LightGBM in its text form, versions v2 to v4. */
final class LightGbmReader {

  private final LightGbmLines lines;

  private LightGbmReader(byte[] bytes) {
    lines = new LightGbmLines(bytes);
  }

  static TreeModel read(byte[] bytes) {
    return new LightGbmReader(bytes).model();
  }

  private TreeModel model() {
    Map<String, String> header = lines.section();
    String version = header.getOrDefault("version", "");
    if (!version.matches("v[234]")) {
      throw new UnsupportedModelException(
          "LightGBM's model version '%s' is not supported; v2, v3 and v4 are"
              .formatted(Excerpt.of(version)));
    }
    int outputs = lines.parseInt(lines.required(header, "num_tree_per_iteration"));
    int classes = lines.parseInt(lines.required(header, "num_class"));
    int features = lines.parseInt(lines.required(header, "max_feature_idx"));
    String[] names = lines.required(header, "feature_names").split(" ", -1);
    String[] infos = lines.required(header, "feature_infos").split(" ", -1);
    lines.check(outputs > 0 && outputs == Math.max(1, classes), "num_class does not fit");
    lines.check(outputs <= lines.length(), "There are more classes than the file has bytes");
    lines.check(
        names.length == infos.length && names.length - 1 == features,
        "feature_names, feature_infos and max_feature_idx do not fit");
    LightGbmObjective objective = LightGbmObjective.of(header.getOrDefault("objective", ""), lines);
    List<BreadthFirst> trees = new ArrayList<>();
    Map<String, String> section = lines.section();
    for (; section.containsKey("Tree"); section = lines.section()) {
      trees.add(LightGbmTrees.tree(section, trees.size() % outputs, names.length, lines));
    }
    lines.check(section.containsKey("end of trees"), "The line 'end of trees' is missing");
    lines.check(trees.size() % outputs == 0, "The last iteration lacks trees");
    boolean[] categorical = new boolean[names.length];
    for (int i = 0; i < infos.length; i++) {
      categorical[i] = !infos[i].startsWith("[") && !infos[i].equals("none");
    }
    Description description =
        new Description(
            Format.LIGHTGBM_TEXT,
            objective.name(),
            objective.transform(),
            names.length,
            List.of(names),
            categorical,
            LightGbmCategories.read(lines, categorical),
            new float[outputs],
            objective.slope(),
            header.containsKey("average_output"),
            1,
            -1);
    return new TreeModel(description, ForestBuilder.build(outputs, trees));
  }
}
