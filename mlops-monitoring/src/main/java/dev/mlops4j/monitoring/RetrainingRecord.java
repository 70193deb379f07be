package dev.mlops4j.monitoring;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A retraining: why it ran and what came of it.
 *
 * @param id the trigger's
 * @param alertId the alert that led to it, or null
 * @param why what called for it, each in words; empty if a library that did not record it ran it
 * @param state how far it is
 * @param triggeredAt when it was decided, by the workspace's clock
 * @param ended when it ended, by that clock, or null
 * @param text what the function gave, or why it failed; null before the end
 * @param runId the tracked run that a pipeline's retraining is, or null
 */
public record RetrainingRecord(
    String id,
    @Nullable String alertId,
    List<String> why,
    State state,
    Instant triggeredAt,
    @Nullable Instant ended,
    @Nullable String text,
    @Nullable String runId) {

  /** Copies the words. */
  public RetrainingRecord {
    why = List.copyOf(why);
  }

  /** How far a retraining is. */
  public enum State {
    /** Decided, and not begun; also if the process that ran it has died. */
    PENDING,
    /** It runs. */
    RUNNING,
    /** The function returned. */
    DONE,
    /** The function threw. */
    FAILED
  }

  /** When it ended, if it has. */
  public Optional<Instant> endedAt() {
    return Optional.ofNullable(ended);
  }

  /** What the function gave, or why it failed, once it has ended. */
  public Optional<String> result() {
    return Optional.ofNullable(text);
  }
}
