package dev.mlops4j.registry;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What people say of a model. Immutable.
 *
 * @param model the model's name
 * @param description what it is for, or empty
 * @param owner who answers for it, or empty
 * @param tags what it can be found by
 */
public record ModelInfo(
    String model, String description, String owner, SortedMap<String, String> tags) {

  /** Copies the tags. */
  public ModelInfo {
    tags = Collections.unmodifiableSortedMap(new TreeMap<>(tags));
  }

  /** That of a model of which nobody has said anything. */
  public static ModelInfo of(String model) {
    return new ModelInfo(model, "", "", new TreeMap<>());
  }
}
