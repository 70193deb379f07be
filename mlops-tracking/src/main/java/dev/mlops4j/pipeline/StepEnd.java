package dev.mlops4j.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * How a step, or an element of one, has ended.
 *
 * @param value what it gave; null if nothing
 * @param stored the same as it is kept
 * @param runId the run that recorded it
 */
record StepEnd(
    StepStatus status,
    @Nullable Object value,
    @Nullable StoredOutput stored,
    @Nullable String reason,
    @Nullable Throwable failure,
    int attempts,
    @Nullable String runId,
    boolean codeChanged) {

  static StepEnd without(StepStatus status, String reason) {
    return new StepEnd(status, null, null, reason, null, 0, null, false);
  }

  static StepEnd failed(Throwable failure, int attempts, @Nullable String runId) {
    return new StepEnd(
        StepStatus.FAILED, null, null, text(failure), failure, attempts, runId, false);
  }

  static StepEnd cancelled(int attempts, @Nullable String runId) {
    return new StepEnd(
        StepStatus.CANCELLED, null, null, "the run was cancelled", null, attempts, runId, false);
  }

  /** Adds what went wrong while a failure was recorded. */
  static void suppress(Throwable failure, Throwable later) {
    if (failure != later) {
      failure.addSuppressed(later);
    }
  }

  private static String text(Throwable failure) {
    String name = failure.getClass().getSimpleName();
    try {
      String message = failure.getMessage();
      return message == null ? name : name + ": " + message;
    } catch (Throwable e) {
      // A message is the user's code; the step has to end whatever it does.
      return name;
    }
  }
}
