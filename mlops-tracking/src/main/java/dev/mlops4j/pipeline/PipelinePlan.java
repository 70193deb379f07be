package dev.mlops4j.pipeline;

import java.util.List;

/**
 * What a run would do. Immutable.
 *
 * @param pipeline the pipeline's name
 * @param steps its steps, each after those it depends on
 */
public record PipelinePlan(String pipeline, List<PlannedStep> steps) {

  /** Copies the list. */
  public PipelinePlan {
    steps = List.copyOf(steps);
  }

  /**
   * What would be done with a step.
   *
   * @throws NoSuchStepException if there is no such step
   */
  public PlannedStep step(String name) {
    return steps.stream()
        .filter(step -> step.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new NoSuchStepException(
                    pipeline, name, steps.stream().map(PlannedStep::name).toList()));
  }

  /** The steps and what would be done, for terminals and logs. */
  public String toText() {
    return ReportText.of(this);
  }

  /** The graph in the language of Mermaid, with what would be done. */
  public String toMermaid() {
    return Mermaid.of(this);
  }

  /** A page with what would be done with each step, and the graph; to be written in UTF-8. */
  public String toHtml() {
    return ReportPage.of(this);
  }
}
