package dev.mlops4j.pipeline;

/** How a step of a run stands. */
public enum StepStatus {
  /** It has not begun. */
  WAITING,
  /** It goes on. */
  RUNNING,
  /** It was done, and gave its output. */
  FINISHED,
  /** Its output was taken from the cache. */
  CACHED,
  /** It was done before the run was resumed, or in an earlier run if it was asked for alone. */
  KEPT,
  /** The caller gave its output. */
  REPLACED,
  /** It threw, or took too long. */
  FAILED,
  /** A condition did not hold, or a step it depends on was skipped. */
  SKIPPED,
  /** It was not done, as a step it depends on failed. */
  BLOCKED,
  /** The run was cancelled before it was done. */
  CANCELLED;

  /** Whether the step has an output. */
  public boolean hasOutput() {
    return this == FINISHED || this == CACHED || this == KEPT || this == REPLACED;
  }

  /** Whether the step will not change any more in its run. */
  public boolean hasEnded() {
    return this != WAITING && this != RUNNING;
  }
}
