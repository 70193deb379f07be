package dev.mlops4j.tracking;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A part of a run that is over when it is recorded, such as one of a thousand short pieces of work;
 * see {@link Run#child(PastRun)}. Immutable.
 *
 * @param id unique among all runs of all workspaces
 * @param name what people call it
 * @param startedAt when it started
 * @param status how it ended; any but RUNNING
 * @param failure the stack trace of a FAILED run, the reason of a KILLED one, or null
 * @param params its params
 * @param tags its tags
 * @param artifacts what it made, which is among the workspace's artifacts already; of different
 *     paths
 */
public record PastRun(
    String id,
    String name,
    Instant startedAt,
    RunStatus status,
    @Nullable String failure,
    Map<String, String> params,
    Map<String, String> tags,
    List<RunArtifact> artifacts) {

  /**
   * Copies the collections.
   *
   * @throws IllegalArgumentException if the status is RUNNING
   * @throws InvalidNameException if the id, a name, a key, a value or a path is not accepted
   */
  public PastRun {
    if (status == RunStatus.RUNNING) {
      throw new IllegalArgumentException(
          "a past run has ended, found the status RUNNING for \"" + name + "\"");
    }
    params = Map.copyOf(params);
    tags = Map.copyOf(tags);
    artifacts = List.copyOf(artifacts);
    Names.checkName("run id", id);
    Names.checkName("run name", name);
    Names.checkEntries("param", params);
    Names.checkEntries("tag", tags);
    artifacts.forEach(artifact -> Names.checkPath(artifact.path()));
  }

  /**
   * One with an id of its own, made here.
   *
   * @throws IllegalArgumentException if the status is RUNNING
   * @throws InvalidNameException if a name, a key, a value or a path is not accepted
   */
  public PastRun(
      String name,
      Instant startedAt,
      RunStatus status,
      @Nullable String failure,
      Map<String, String> params,
      Map<String, String> tags,
      List<RunArtifact> artifacts) {
    this(OpenRuns.newId(), name, startedAt, status, failure, params, tags, artifacts);
  }
}
