package dev.mlops4j.pipeline;

import java.util.concurrent.ScheduledFuture;
import org.jspecify.annotations.Nullable;

/** One try of what a step does: in its time, and interrupted when the run is cancelled. */
final class BodyRun {

  private BodyRun() {}

  /**
   * How it went.
   *
   * @param value what it gave; null if it failed or was cancelled
   * @param failure why it failed; null if it did not
   */
  record End(@Nullable Object value, @Nullable Throwable failure) {

    boolean wasCancelled() {
      return value == null && failure == null;
    }
  }

  @SuppressWarnings("try") // the body's logs are the step's while it is open
  static End once(
      RunScope scope,
      Step<?> step,
      StepContext context,
      StepLog log,
      Work.Body body,
      Object[] inputs) {
    Interruption interruption = scope.begin();
    ScheduledFuture<?> alarm = alarm(scope, step, interruption);
    Object value = null;
    Throwable failure = null;
    try (StepLogs.Body unused =
        StepLogs.begin(scope.pipeline(), scope.run().id(), context.name(), log)) {
      value = body.run(context, inputs);
      if (value == null) {
        failure =
            new UnstorableOutputException(
                "step \"" + context.name() + "\" gave null; a step gives something", null);
      }
    } catch (Throwable e) {
      failure = e;
    } finally {
      if (alarm != null) {
        alarm.cancel(false);
      }
    }
    return end(step, context, value, failure, scope.end(interruption));
  }

  private static End end(
      Step<?> step,
      StepContext context,
      @Nullable Object value,
      @Nullable Throwable failure,
      Interruption.@Nullable Cause cause) {
    if (cause == Interruption.Cause.TIMEOUT && step.settings().timeout() != null) {
      StepTimeoutException late =
          new StepTimeoutException(context.name(), step.settings().timeout());
      if (failure != null) {
        late.addSuppressed(failure);
      }
      return new End(null, late);
    }
    // What was done in spite of a cancellation is done.
    return cause == Interruption.Cause.CANCELLATION && value == null
        ? new End(null, null)
        : new End(value, failure);
  }

  private static @Nullable ScheduledFuture<?> alarm(
      RunScope scope, Step<?> step, Interruption interruption) {
    return step.settings().timeout() == null
        ? null
        : scope
            .pool()
            .after(
                step.settings().timeout(),
                () -> interruption.interrupt(Interruption.Cause.TIMEOUT));
  }
}
