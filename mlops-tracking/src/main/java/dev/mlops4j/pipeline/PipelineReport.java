package dev.mlops4j.pipeline;

import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.Tracking;
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

  /**
   * The report of a run of a pipeline. Of one that goes on, or whose process died, it has the steps
   * that are recorded: those that have ended with a run of their own, and those that go on for a
   * while or have asked for their run; steps that were skipped or blocked are not among them.
   *
   * @throws dev.mlops4j.tracking.NoSuchRunException if there is no such run
   * @throws NoSuchPipelineRunException if it is no run of a pipeline
   * @throws BrokenOutputException if the stored report cannot be read
   */
  public static PipelineReport read(Tracking tracking, String runId) {
    return StoredReports.read(tracking, runId);
  }

  /**
   * The runs of pipelines, the newest first, without their steps.
   *
   * @param pipeline the name of one; null for all
   * @param most how many at most
   */
  public static List<PipelineReport> list(Tracking tracking, @Nullable String pipeline, int most) {
    return StoredReports.list(tracking, pipeline, most);
  }

  /** The steps and how they went, for terminals and logs. */
  public String toText() {
    return ReportText.of(this);
  }

  /** The graph in the language of Mermaid, with how the steps went. */
  public String toMermaid() {
    return Mermaid.of(this);
  }

  /** A page with the status and time of each step, and the graph; to be written in UTF-8. */
  public String toHtml() {
    return ReportPage.of(this);
  }
}
