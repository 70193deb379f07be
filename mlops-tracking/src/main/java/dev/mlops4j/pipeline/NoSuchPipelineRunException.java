package dev.mlops4j.pipeline;

import dev.mlops4j.MlopsException;

/** A run was asked for as a pipeline's that is none. */
public final class NoSuchPipelineRunException extends MlopsException {

  private static final long serialVersionUID = 1L;

  NoSuchPipelineRunException(String runId) {
    super("run " + runId + " is no run of a pipeline");
  }
}
