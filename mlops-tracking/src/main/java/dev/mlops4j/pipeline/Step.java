package dev.mlops4j.pipeline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A step of a pipeline, and the handle by which others take its output. Immutable.
 *
 * @param <T> the type of its output
 */
public final class Step<T> implements Input<T> {

  private final Pipeline.Builder pipeline;
  private final String name;
  private final StepSettings settings;
  private final List<Input<?>> inputs;
  private final Output<T> output;
  private final Work work;

  Step(
      Pipeline.Builder pipeline,
      String name,
      StepSettings settings,
      List<Input<?>> inputs,
      Output<T> output,
      Work work) {
    this.pipeline = pipeline;
    this.name = name;
    this.settings = settings;
    this.inputs = List.copyOf(inputs);
    this.output = output;
    this.work = work;
  }

  /** Its name, unique in the pipeline. */
  public String name() {
    return name;
  }

  /** The names of the steps whose outputs it takes or is conditional on, in order. */
  public List<String> dependencies() {
    return steps().stream().map(Step::name).toList();
  }

  boolean belongsTo(Pipeline.Builder builder) {
    return pipeline == builder;
  }

  StepSettings settings() {
    return settings;
  }

  /** What the body is given, in order. */
  List<Input<?>> inputs() {
    return inputs;
  }

  Output<T> output() {
    return output;
  }

  Work work() {
    return work;
  }

  /** All it depends on, also by its conditions and its list, each once. */
  Set<Input<?>> allInputs() {
    Set<Input<?>> all = new LinkedHashSet<>();
    if (work instanceof Work.ForEach each) {
      all.add(each.list());
    }
    all.addAll(inputs);
    settings.conditions().forEach(condition -> all.add(condition.input()));
    return all;
  }

  /** The steps among these. */
  List<Step<?>> steps() {
    List<Step<?>> steps = new ArrayList<>();
    for (Input<?> input : allInputs()) {
      if (input instanceof Step<?> step) {
        steps.add(step);
      }
    }
    return steps;
  }

  @Override
  public String toString() {
    Duration timeout = settings.timeout();
    return "step \"" + name + "\"" + (timeout == null ? "" : " (at most " + timeout + ")");
  }
}
