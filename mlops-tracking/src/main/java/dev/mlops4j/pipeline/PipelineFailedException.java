package dev.mlops4j.pipeline;

import dev.mlops4j.MlopsException;
import java.util.Map;

/** A pipeline run did not finish: its cause is the first step's failure, the others suppressed. */
public final class PipelineFailedException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String runId;

  /** Creates the exception with the failure of each step by its name; may be empty if cancelled. */
  PipelineFailedException(String pipeline, String runId, String why, Map<String, Throwable> all) {
    super(
        "run "
            + runId
            + " of pipeline \""
            + pipeline
            + "\" "
            + why
            + "; resume(\""
            + runId
            + "\") goes on from the steps that are done",
        all.values().stream().findFirst().orElse(null));
    this.runId = runId;
    all.values().stream().skip(1).forEach(this::addSuppressed);
  }

  /** The run's id, to be resumed. */
  public String runId() {
    return runId;
  }
}
