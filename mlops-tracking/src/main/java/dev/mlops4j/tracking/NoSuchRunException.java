package dev.mlops4j.tracking;

import dev.mlops4j.MlopsException;

/** A run was asked for that the store does not have. */
public final class NoSuchRunException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String runId;

  /** Creates the exception for the id that was asked for. */
  public NoSuchRunException(String runId) {
    super(
        "there is no run \""
            + runId
            + "\" in this workspace; Tracking.runs(experiment) lists the runs of an experiment");
    this.runId = runId;
  }

  /** The id that was asked for. */
  public String runId() {
    return runId;
  }
}
