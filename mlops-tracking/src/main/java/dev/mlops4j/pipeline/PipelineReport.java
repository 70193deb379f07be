package dev.mlops4j.pipeline;

import dev.mlops4j.tracking.RunStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a run of a pipeline stands, as it is recorded. Immutable.
 *
 * @param pipeline the pipeline's name
 * @param runId the run's id
 * @param status how the run stands
 * @param startedAt when it began, or was resumed last
 * @param endedAt when it ended; null if it has not
 * @param steps its steps, each after those it depends on
 */
public record PipelineReport(
    String pipeline,
    String runId,
    RunStatus status,
    Instant startedAt,
    @Nullable Instant endedAt,
    List<StepResult> steps) {

  /** Copies the list. */
  public PipelineReport {
    steps = List.copyOf(steps);
  }
}
