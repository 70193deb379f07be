package dev.mlops4j.pipeline;

import dev.mlops4j.MlopsException;
import java.util.List;

/**
 * A run of a pipeline was to be started while another one of the pipeline goes on, or one was to be
 * resumed that a process is running.
 */
public final class PipelineRunningException extends MlopsException {

  private static final long serialVersionUID = 1L;

  /** Another run goes on; of which the ids are known it may be one. */
  PipelineRunningException(String pipeline, List<String> running) {
    super(
        "a run of pipeline \""
            + pipeline
            + "\" goes on"
            + (running.isEmpty() ? "" : ", " + String.join(" or ", running))
            + ", and no other was begun; wait for its end, or allow overlap");
  }

  /** The run to be resumed goes on. */
  PipelineRunningException(String runId) {
    super(
        "run "
            + runId
            + " goes on in another process and was not resumed; it can be when that has ended");
  }
}
