package dev.mlops4j.pipeline;

import dev.mlops4j.MlopsException;

/** A run was to be resumed that another process is running. */
public final class PipelineRunningException extends MlopsException {

  private static final long serialVersionUID = 1L;

  /** Creates the exception. */
  PipelineRunningException(String runId) {
    super(
        "run "
            + runId
            + " goes on in another process and was not resumed; it can be when that has ended");
  }
}
