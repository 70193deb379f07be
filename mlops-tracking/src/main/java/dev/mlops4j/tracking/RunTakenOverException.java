package dev.mlops4j.tracking;

import dev.mlops4j.MlopsException;

/**
 * A run was to be ended by a process that does not lead it any longer: it was taken for dead, and
 * another one resumed the run. The run goes on there; what was logged here is in it.
 */
public final class RunTakenOverException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String runId;

  /** Creates the exception. */
  public RunTakenOverException(String runId) {
    super(
        "run "
            + runId
            + " was resumed elsewhere while this process seemed dead, and is ended there. What was"
            + " logged here is kept; nothing more is taken from here");
    this.runId = runId;
  }

  /** The run's id. */
  public String runId() {
    return runId;
  }
}
