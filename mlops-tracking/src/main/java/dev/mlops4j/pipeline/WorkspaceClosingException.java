package dev.mlops4j.pipeline;

import dev.mlops4j.MlopsException;

/**
 * A piece of work that is the run of a pipeline was cut off because its workspace was closed. It
 * has not failed: it is given back, and the next attempt, of this or another process, goes on with
 * the run.
 */
public final class WorkspaceClosingException extends MlopsException {

  private static final long serialVersionUID = 1L;

  WorkspaceClosingException(String pipeline, Throwable cause) {
    super(
        "pipeline \""
            + pipeline
            + "\" was cut off as its workspace was closed; the next attempt goes on with it",
        cause);
  }
}
