package dev.mlops4j.tracking;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a run ends, with what it gets at its end: for authors of backends. Immutable.
 *
 * @param status any but RUNNING
 * @param at when
 * @param failure the stack trace of a FAILED run, the reason of a KILLED one, or null
 * @param params added as by {@link TrackingStore#addParams}
 * @param tags set as by {@link TrackingStore#setTags}
 * @param artifacts set as by {@link TrackingStore#putArtifacts}
 * @param points appended as by {@link TrackingStore#addMetrics}
 */
public record RunEnd(
    RunStatus status,
    Instant at,
    @Nullable String failure,
    Map<String, String> params,
    Map<String, String> tags,
    List<RunArtifact> artifacts,
    List<MetricPoint> points) {

  /** Copies the collections. */
  public RunEnd {
    params = Map.copyOf(params);
    tags = Map.copyOf(tags);
    artifacts = List.copyOf(artifacts);
    points = List.copyOf(points);
  }

  /** An end that brings nothing with it. */
  public static RunEnd of(RunStatus status, Instant at, @Nullable String failure) {
    return new RunEnd(status, at, failure, Map.of(), Map.of(), List.of(), List.of());
  }

  /** The same with these points. */
  public RunEnd withPoints(List<MetricPoint> last) {
    return new RunEnd(status, at, failure, params, tags, artifacts, last);
  }
}
