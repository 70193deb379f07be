package dev.mlops4j.pipeline;

import java.util.List;

/**
 * What a run would do with a step, and why. Immutable.
 *
 * @param name the step's name
 * @param dependencies the names of the steps it depends on
 * @param action what would be done
 * @param reason why, in words
 */
public record PlannedStep(
    String name, List<String> dependencies, PlannedAction action, String reason) {

  /** Copies the list. */
  public PlannedStep {
    dependencies = List.copyOf(dependencies);
  }
}
