package dev.mlops4j.tracking;

import dev.mlops4j.MlopsException;

/** A run was to be deleted or exported that is still going on. It stays as it was. */
public final class RunNotEndedException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String runId;

  /**
   * Creates the exception.
   *
   * @param what what is not done with it, such as {@code deleted}
   */
  public RunNotEndedException(RunRecord run, String what) {
    super(
        "run "
            + run.id()
            + " is RUNNING in "
            + run.start().process()
            + " and is not "
            + what
            + "; end it first. If its process is dead it is ABANDONED in at most "
            + Tracking.ABANDONED_AFTER.toSeconds()
            + " seconds");
    this.runId = run.id();
  }

  /** The run's id. */
  public String runId() {
    return runId;
  }
}
