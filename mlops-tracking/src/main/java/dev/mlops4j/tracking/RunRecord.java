package dev.mlops4j.tracking;

import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.model.RunFacts;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A run as it was when it was read. Immutable; it does not follow the run.
 *
 * @param start what is known of it from its start
 * @param status how it stood
 * @param seenAt when its process was last known to live: its last heartbeat, its end
 * @param endedAt when it ended; null while RUNNING, and of a run whose process died
 * @param failure of a FAILED run the stack trace of what ended it, of a KILLED one the reason; else
 *     null
 * @param deletedAt when it was deleted; null of a run that is not
 * @param params the params by key
 * @param metrics of every metric the latest point, the one with the greatest (step, time), by key
 * @param tags the tags by key
 * @param datasets the datasets it used, in the order in which they were logged
 * @param artifacts what it made, by path
 * @param notes what people wrote of it, in Markdown; empty if nothing
 * @param resumes how often it went on after it had ended, the first time first
 */
public record RunRecord(
    RunStart start,
    RunStatus status,
    Instant seenAt,
    @Nullable Instant endedAt,
    @Nullable String failure,
    @Nullable Instant deletedAt,
    SortedMap<String, String> params,
    SortedMap<String, MetricPoint> metrics,
    SortedMap<String, String> tags,
    List<DatasetReference> datasets,
    SortedMap<String, RunArtifact> artifacts,
    String notes,
    List<RunResume> resumes) {

  /** Copies the collections. */
  public RunRecord {
    resumes = List.copyOf(resumes);
    params = copy(params);
    metrics = copy(metrics);
    tags = copy(tags);
    datasets = List.copyOf(datasets);
    artifacts = copy(artifacts);
  }

  /** A run of which nobody wrote notes, and that was never resumed. */
  public RunRecord(
      RunStart start,
      RunStatus status,
      Instant seenAt,
      @Nullable Instant endedAt,
      @Nullable String failure,
      @Nullable Instant deletedAt,
      SortedMap<String, String> params,
      SortedMap<String, MetricPoint> metrics,
      SortedMap<String, String> tags,
      List<DatasetReference> datasets,
      SortedMap<String, RunArtifact> artifacts) {
    this(
        start, status, seenAt, endedAt, failure, deletedAt, params, metrics, tags, datasets,
        artifacts, "", List.of());
  }

  /** The run's id. */
  public String id() {
    return start.id();
  }

  /** The experiment it belongs to. */
  public String experiment() {
    return start.experiment();
  }

  /** What people call it. */
  public String name() {
    return start.name();
  }

  /** The id of the run that it is a part of; null if there is none. */
  public @Nullable String parentId() {
    return start.parentId();
  }

  /** When it started. */
  public Instant startedAt() {
    return start.startedAt();
  }

  /** Where it ran; see {@link RunStart#environment()}. */
  public SortedMap<String, String> environment() {
    return start.environment();
  }

  /**
   * The latest value of a metric.
   *
   * @throws NoSuchMetricException if the run has no such metric; the message lists those it has
   */
  public double metric(String key) {
    MetricPoint point = metrics.get(key);
    if (point == null) {
      throw new NoSuchMetricException(this, key);
    }
    return point.value();
  }

  /** What is needed to make it again, and what of that is missing. */
  public Recipe recipe() {
    return Recipe.of(this);
  }

  /** Its params, latest metrics and datasets. */
  RunFacts facts() {
    SortedMap<String, Double> values = new TreeMap<>();
    metrics.forEach((key, point) -> values.put(key, point.value()));
    return new RunFacts(params, values, datasets);
  }

  RunRecord withStatus(RunStatus newStatus) {
    return new RunRecord(
        start, newStatus, seenAt, endedAt, failure, deletedAt, params, metrics, tags, datasets,
        artifacts, notes, resumes);
  }

  private static <V> SortedMap<String, V> copy(SortedMap<String, V> map) {
    return Collections.unmodifiableSortedMap(new TreeMap<>(map));
  }
}
