package dev.mlops4j.pipeline;

import dev.mlops4j.MlopsException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One step was to be run alone, and steps that it depends on have no output in the workspace. */
public final class MissingOutputException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final transient List<String> steps;

  MissingOutputException(String step, List<String> steps, @Nullable String run) {
    super(
        "step \""
            + step
            + "\" cannot be run alone: "
            + (run == null
                ? "no run in this workspace with these parameters has an output of "
                : "run " + run + " has no output of ")
            + steps
            + " that can be used; run these before");
    this.steps = List.copyOf(steps);
  }

  /** The names of the steps whose outputs are missing. */
  public List<String> steps() {
    return steps;
  }
}
