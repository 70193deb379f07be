package dev.mlops4j.tracking;

import dev.mlops4j.MlopsException;

/** Something was asked of a run that is deleted. It stays as it was. */
public final class DeletedRunException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String runId;

  /**
   * Creates the exception.
   *
   * @param asked what was asked of it, such as {@code to go on}
   */
  public DeletedRunException(String runId, String asked) {
    super(
        "run " + runId + " is deleted and was asked " + asked + "; Tracking.restore takes it back");
    this.runId = runId;
  }

  /** The run's id. */
  public String runId() {
    return runId;
  }
}
