package dev.mlops4j.pipeline;

import dev.mlops4j.MlopsException;
import java.util.List;

/** A run was to be resumed with other code or another graph than it was started with. */
public final class PipelineChangedException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final transient List<String> changes;

  /** Creates the exception with what changed, in words. */
  PipelineChangedException(String runId, List<String> changes) {
    super(
        "run "
            + runId
            + " was not resumed, as the pipeline has changed since it started: "
            + String.join("; ", changes)
            + ". allowChangedCode() resumes it nevertheless and keeps what is done");
    this.changes = List.copyOf(changes);
  }

  /** What changed, in words. */
  public List<String> changes() {
    return changes;
  }
}
