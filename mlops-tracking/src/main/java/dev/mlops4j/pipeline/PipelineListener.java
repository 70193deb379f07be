package dev.mlops4j.pipeline;

/**
 * Sees how a run goes on. Called by the threads that run the steps, so it should be quick; the
 * calls of one run come one at a time. What it throws is logged and changes nothing.
 */
public interface PipelineListener {

  /** A run began, with these steps, all waiting or done before. */
  default void started(PipelineReport report) {}

  /** A step began. */
  default void stepStarted(String step) {}

  /** A step is tried again after a failure. */
  default void stepRetried(String step, int attempt, Throwable failure) {}

  /** An element of a step for each has ended: so many of so many. */
  default void itemEnded(String step, String item, int ended, int all) {}

  /** A step ended. */
  default void stepEnded(StepResult step) {}

  /** The run ended. */
  default void ended(PipelineReport report) {}
}
