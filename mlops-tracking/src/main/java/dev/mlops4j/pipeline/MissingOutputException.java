package dev.mlops4j.pipeline;

import dev.mlops4j.MlopsException;
import java.util.List;

/** One step was to be run alone, and steps that it depends on have no output in the workspace. */
public final class MissingOutputException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final transient List<String> steps;

  MissingOutputException(String step, List<String> steps) {
    super(
        "step \""
            + step
            + "\" cannot be run alone: no run in this workspace has an output of "
            + steps
            + " that can be used; run these before");
    this.steps = List.copyOf(steps);
  }

  /** The names of the steps whose outputs are missing. */
  public List<String> steps() {
    return steps;
  }
}
