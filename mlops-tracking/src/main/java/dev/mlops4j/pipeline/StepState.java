package dev.mlops4j.pipeline;

import dev.mlops4j.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a step of a run stands. Guarded by the {@link Execution}; what ended does not change. */
final class StepState {

  final Step<?> step;
  StepStatus status = StepStatus.WAITING;
  @Nullable Object value;
  @Nullable StoredOutput stored;
  @Nullable Digest digest;
  @Nullable String reason;
  @Nullable Throwable failure;
  @Nullable Instant startedAt;
  @Nullable Instant endedAt;
  @Nullable String runId;
  int attempts;
  int items;
  boolean codeChanged;

  /** Those of the steps it depends on that are part of the run. */
  final List<StepState> inputs = new ArrayList<>();

  /** The steps that depend on it. */
  final List<StepState> dependants = new ArrayList<>();

  /** How many of the steps that it depends on have not ended. */
  int waitingFor;

  /** How many of the steps that depend on it have not ended. */
  int users;

  StepState(Step<?> step) {
    this.step = step;
  }

  StepResult result(Instant now) {
    Instant until = endedAt == null ? now : endedAt;
    return new StepResult(
        step.name(),
        step.dependencies(),
        status,
        reason,
        startedAt,
        startedAt == null ? Duration.ZERO : Duration.between(startedAt, until),
        attempts,
        items,
        digest,
        runId,
        codeChanged);
  }
}
