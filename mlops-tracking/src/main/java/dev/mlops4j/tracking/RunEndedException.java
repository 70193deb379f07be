package dev.mlops4j.tracking;

import dev.mlops4j.MlopsException;

/** Something was logged to a run that has ended. The run stays as it was. */
public final class RunEndedException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String runId;
  private final RunStatus status;

  /**
   * Creates the exception.
   *
   * @param asked what was to be logged, such as {@code metric "auc"}
   * @param status how the run ended
   */
  public RunEndedException(String runId, RunStatus status, String asked) {
    super(
        "run "
            + runId
            + " is "
            + status
            + " and takes nothing more; asked to log "
            + asked
            + ". Log before the run is closed, or start another run");
    this.runId = runId;
    this.status = status;
  }

  private RunEndedException(String message, String runId) {
    super(message);
    this.runId = runId;
    this.status = RunStatus.RUNNING;
  }

  /** Of a run that goes on in another process, and that this one has left. */
  static RunEndedException left(String runId, String asked) {
    return new RunEndedException(
        "run "
            + runId
            + " was left by what logs to it here and goes on elsewhere; asked to log "
            + asked
            + ". Log before it is closed, or resume the run once more",
        runId);
  }

  /** The run's id. */
  public String runId() {
    return runId;
  }

  /** How it ended; RUNNING if it goes on elsewhere. */
  public RunStatus status() {
    return status;
  }
}
