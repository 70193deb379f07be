package dev.mlops4j.pipeline;

import dev.mlops4j.MlopsException;

/** The output of a step was asked for that has none in this run. */
public final class NoOutputException extends MlopsException {

  private static final long serialVersionUID = 1L;

  NoOutputException(String runId, StepResult step) {
    super(
        "step \""
            + step.name()
            + "\" of run "
            + runId
            + " has no output, it is "
            + step.status()
            + (step.reason() == null ? "" : ": " + step.reason()));
  }
}
