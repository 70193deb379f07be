package dev.mlops4j.pipeline;

import dev.mlops4j.Digest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What the output of a step depends on, all known before it runs: its name and version, its
 * parameters and the digests of its inputs.
 *
 * @param parts what of it is what, for people; in order
 */
record StepKey(Digest digest, Map<String, String> parts) {

  private static final String VERSION = "version";

  /** The part that only the key of an element has. */
  static final String ELEMENT = "element";

  /** The key, or null if one of the inputs is not known. */
  static @Nullable StepKey of(
      String pipeline, Step<?> step, Function<Input<?>, @Nullable String> known) {
    Map<String, String> parts = new LinkedHashMap<>();
    parts.put("pipeline", pipeline);
    parts.put("step", step.name());
    parts.put(VERSION, step.settings().version());
    parts.put("form of the output", step.output().form());
    parts.put("settings", step.work().settings());
    List<Input<?>> inputs = new ArrayList<>(step.inputs());
    if (step.work() instanceof Work.ForEach each) {
      inputs.add(0, each.list());
    }
    for (int i = 0; i < inputs.size(); i++) {
      String value = known.apply(inputs.get(i));
      if (value == null) {
        return null;
      }
      parts.put(label(inputs.get(i), i), value);
    }
    return of(parts);
  }

  /** That of an element: what the step's has but for the list, and the element instead. */
  StepKey item(String name, Digest item) {
    Map<String, String> own = new LinkedHashMap<>();
    int i = 0;
    for (Map.Entry<String, String> part : parts.entrySet()) {
      // The list comes first among the inputs.
      if (i++ != FIXED) {
        own.put(part.getKey(), part.getValue());
      }
    }
    own.put(ELEMENT, name);
    own.put("digest of the element", item.hex());
    return of(own);
  }

  private static final int FIXED = 5;

  /** The number of the seed that goes with the key. */
  long seed() {
    return Long.parseUnsignedLong(digest.hex().substring(0, 16), 16);
  }

  /** What differs from an earlier key of the same step, in words; empty if nothing does. */
  List<String> changesSince(Map<String, String> before) {
    List<String> changes = new ArrayList<>();
    parts.forEach(
        (part, now) -> {
          String then = before.get(part);
          if (then == null) {
            changes.add(name(part) + " is new");
          } else if (!then.equals(now)) {
            changes.add(
                part.contains("parameter") || part.equals(VERSION)
                    ? name(part) + " was " + then + " and is " + now
                    : name(part) + " has changed");
          }
        });
    before.keySet().stream()
        .filter(part -> !parts.containsKey(part))
        .forEach(part -> changes.add(name(part) + " is no input any longer"));
    return changes;
  }

  private static StepKey of(Map<String, String> parts) {
    StringBuilder all = new StringBuilder("step key 1");
    parts.forEach(
        (part, value) -> {
          for (String text : List.of(part, value)) {
            all.append(text.length()).append(':').append(text);
          }
        });
    return new StepKey(Digest.of(all.toString()), parts);
  }

  private static String label(Input<?> input, int position) {
    return (position + 1) + ". " + label(input);
  }

  static String label(Input<?> input) {
    if (input instanceof Parameter<?> parameter) {
      return "parameter " + parameter.name();
    }
    return input instanceof Step<?> step ? "output of " + step.name() : "constant";
  }

  private static String name(String part) {
    return part.replaceFirst("^\\d+\\. ", "");
  }
}
