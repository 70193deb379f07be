package dev.mlops4j.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mlops4j.Digest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What the steps of a pipeline are, in a text by which a change is seen. */
final class PipelineGraph {

  /** A tag holds 64 Ki characters; of a larger graph there is a digest. */
  private static final int MOST = 60_000;

  /** Before the digest of a graph that is too large. */
  private static final String WHOLE = "digest ";

  private PipelineGraph() {}

  /** Of each step, by name: a digest of what it takes and gives, a colon, and one of its code. */
  static String of(Pipeline pipeline) {
    Map<String, String> steps = new TreeMap<>();
    pipeline.steps().forEach(step -> steps.put(step.name(), shape(step) + ":" + code(step)));
    String text = StepJson.write("a graph", steps);
    return text.length() > MOST ? WHOLE + Digest.of(text).hex() : text;
  }

  /** What has changed since a text was made, in words; nothing if the text is empty. */
  static List<String> changes(String before, Pipeline pipeline) {
    List<String> changes = new ArrayList<>();
    if (before.isEmpty()) {
      return changes;
    }
    String now = of(pipeline);
    if (before.startsWith(WHOLE) || now.startsWith(WHOLE)) {
      return before.equals(now)
          ? changes
          : List.of("its steps or their code have changed; they are too many to say which");
    }
    Map<String, String> then = read(before);
    for (Step<?> step : pipeline.steps()) {
      String old = then.remove(step.name());
      String name = "step \"" + step.name() + "\"";
      if (old == null) {
        changes.add(name + " is new");
        continue;
      }
      String[] parts = old.split(":", 2);
      if (!parts[0].equals(shape(step))) {
        changes.add(name + " has another version, other inputs or another form of output");
      }
      if (parts.length == 2 && !parts[1].isEmpty() && !parts[1].equals(code(step))) {
        changes.add("the code of " + name + " has changed");
      }
    }
    then.keySet().forEach(gone -> changes.add("step \"" + gone + "\" is gone"));
    return changes;
  }

  private static Map<String, String> read(String text) {
    Map<String, String> steps = new TreeMap<>();
    try {
      for (Map.Entry<String, JsonNode> step : StepJson.tree(text).properties()) {
        steps.put(step.getKey(), step.getValue().asText());
      }
      return steps;
    } catch (JsonProcessingException e) {
      throw new BrokenOutputException("the graph of the run cannot be read", e);
    }
  }

  private static String shape(Step<?> step) {
    StringBuilder shape = new StringBuilder(step.settings().version());
    shape.append('\n').append(step.output().form()).append('\n').append(step.work().settings());
    for (Input<?> input : step.allInputs()) {
      shape.append('\n').append(StepKey.label(input));
      if (input instanceof Parameter<?> parameter && parameter.isSecret()) {
        shape.append(", secret");
      }
    }
    return Digest.of(shape.toString()).shortHex();
  }

  private static String code(Step<?> step) {
    String code = step.work().code();
    return code.isEmpty() ? "" : new Digest(code).shortHex();
  }
}
