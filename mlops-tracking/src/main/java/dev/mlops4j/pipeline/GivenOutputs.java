package dev.mlops4j.pipeline;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a run has before it begins. Immutable.
 *
 * @param steps outputs by the name of the step
 * @param items outputs of elements by the digest of their keys
 * @param unneeded the steps whose outputs only steps take that have theirs
 */
record GivenOutputs(Map<String, Given> steps, Map<String, Given> items, Set<String> unneeded) {

  GivenOutputs {
    steps = Map.copyOf(steps);
    items = Map.copyOf(items);
    unneeded = Set.copyOf(unneeded);
  }

  /** Outputs that replace steps, and what that makes superfluous. */
  static GivenOutputs replacing(Pipeline pipeline, Map<String, Object> replaced) {
    Map<String, Given> steps = new HashMap<>();
    replaced.forEach((name, value) -> steps.put(name, Given.replaced(value)));
    return new GivenOutputs(steps, Map.of(), unneeded(pipeline.steps(), replaced.keySet()));
  }

  /** The same with what earlier runs have kept. */
  GivenOutputs with(Map<String, Given> kept, Map<String, Given> keptItems) {
    Map<String, Given> all = new HashMap<>(kept);
    all.putAll(steps);
    return new GivenOutputs(all, keptItems, unneeded);
  }

  private static Set<String> unneeded(List<Step<?>> steps, Set<String> replaced) {
    Set<String> used = new HashSet<>();
    Set<String> unneeded = new HashSet<>();
    Set<String> usedByAny = new HashSet<>();
    for (int i = steps.size() - 1; i >= 0; i--) {
      Step<?> step = steps.get(i);
      boolean needed = !usedByAny.contains(step.name()) || used.contains(step.name());
      if (!needed && !replaced.contains(step.name())) {
        unneeded.add(step.name());
      }
      usedByAny.addAll(step.dependencies());
      if (needed && !replaced.contains(step.name())) {
        used.addAll(step.dependencies());
      }
    }
    return unneeded;
  }
}
