package dev.mlops4j.trees;

import java.util.List;

/**
 * What a file says about a model besides its trees.
 *
 * @param features how many features a row has
 * @param names of the features; empty if the file has none
 * @param categorical whether each feature is categorical
 * @param categories of each feature; empty if the file has none
 * @param base the margin that each output begins with
 * @param slope of the logistic function
 * @param averaged whether a prediction is of the average over iterations, not of the sum
 * @param treesPerIteration that one output has
 * @param bestIteration where training was found best, from 0; -1 if it was not looked for
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Description(
    Format format,
    String objective,
    Transform transform,
    int features,
    List<String> names,
    boolean[] categorical,
    List<List<String>> categories,
    float[] base,
    double slope,
    boolean averaged,
    int treesPerIteration,
    int bestIteration) {

  Feature feature(int index) {
    return new Feature(
        names.isEmpty() ? "f" + index : names.get(index),
        index < categorical.length && categorical[index],
        categories.isEmpty() ? List.of() : categories.get(index));
  }

  boolean isLightGbm() {
    return format == Format.LIGHTGBM_TEXT;
  }
}
