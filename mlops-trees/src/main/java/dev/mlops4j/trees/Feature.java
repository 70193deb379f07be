package dev.mlops4j.trees;

import java.util.List;

/**
 * A feature that a model asks for, at its place in a row.
 *
 * @param name as the model has it; {@code f0}, {@code f1}, ... if an XGBoost model has no names
 * @param categorical whether the value in a row is the index of a category, from 0, and not a
 *     measure
 * @param categories what the indices stand for, in their order; empty if the model does not say,
 *     which is so for XGBoost before 3.1, for all models trained without a data frame, and where
 *     XGBoost was given categories beyond ASCII, which it stores damaged. Numbers are given as
 *     text.
 */
public record Feature(String name, boolean categorical, List<String> categories) {

  /** Copies the list. */
  public Feature {
    categories = List.copyOf(categories);
  }
}
