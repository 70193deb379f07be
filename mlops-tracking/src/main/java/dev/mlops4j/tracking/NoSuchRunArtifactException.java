package dev.mlops4j.tracking;

import dev.mlops4j.MlopsException;

/** An artifact was asked for that the run does not have. */
public final class NoSuchRunArtifactException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String runId;
  private final String path;

  NoSuchRunArtifactException(RunRecord run, RunArtifact.Kind kind, String path) {
    super(
        "run "
            + run.id()
            + " has no artifact \""
            + path
            + "\" of kind "
            + kind
            + "; it has "
            + run.artifacts().values().stream()
                .map(a -> a.path() + " (" + a.kind() + ")")
                .toList());
    this.runId = run.id();
    this.path = path;
  }

  /** The run's id. */
  public String runId() {
    return runId;
  }

  /** The path that was asked for. */
  public String path() {
    return path;
  }
}
