package dev.mlops4j.tracking;

import dev.mlops4j.MlopsException;

/** A run was to be added whose id another one has. Nothing was added. */
public final class RunExistsException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String runId;

  private RunExistsException(String runId, String message) {
    super(message);
    this.runId = runId;
  }

  /** There is a run of this id. */
  public RunExistsException(String runId) {
    this(runId, "there is a run " + runId + " already; nothing was added");
  }

  /** Two of the runs to be added have this id. */
  static RunExistsException twice(String runId) {
    return new RunExistsException(
        runId, "two of the runs to be added have the id " + runId + "; nothing was added");
  }

  /** There is a run of this id, and it is not the same as that of an archive. */
  static RunExistsException other(String runId, String what) {
    return new RunExistsException(
        runId,
        "there is a run "
            + runId
            + " already, and it is not the same as the one in the archive: "
            + what
            + " differ. Nothing was imported; delete and purge the run that is here to get the other");
  }

  /** The run's id. */
  public String runId() {
    return runId;
  }
}
