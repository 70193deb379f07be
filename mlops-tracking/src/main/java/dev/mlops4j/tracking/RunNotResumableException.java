package dev.mlops4j.tracking;

import dev.mlops4j.MlopsException;

/** A run was to be resumed that has ended well. It stays as it was. */
public final class RunNotResumableException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String runId;

  RunNotResumableException(RunRecord run) {
    super(
        "run "
            + run.id()
            + " is "
            + run.status()
            + " and does not go on: what it says would change afterwards. Tracking.reopen lets it,"
            + " a child run or a tag may do as well");
    this.runId = run.id();
  }

  /** The run's id. */
  public String runId() {
    return runId;
  }
}
