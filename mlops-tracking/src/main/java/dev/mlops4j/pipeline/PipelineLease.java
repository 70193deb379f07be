package dev.mlops4j.pipeline;

import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.SearchField;
import dev.mlops4j.tracking.Tracking;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the one run of a pipeline holds that goes on, of all processes: a claim like those of
 * outputs, with the same signs of life. Safe for any number of threads.
 */
final class PipelineLease {

  private static final Logger LOG = LoggerFactory.getLogger(PipelineLease.class);

  private final JdbcStepCache cache;
  private final String pipeline;
  private final String token;

  private PipelineLease(JdbcStepCache cache, String pipeline, String token) {
    this.cache = cache;
    this.pipeline = pipeline;
    this.token = token;
  }

  /**
   * Takes it.
   *
   * @throws PipelineRunningException if another run holds it
   */
  static PipelineLease take(
      JdbcStepCache cache, Tracking tracking, InstantSource clock, String pipeline, String token) {
    PipelineLease lease = new PipelineLease(cache, pipeline, token);
    if (!cache.claim(key(pipeline), token, clock.instant())) {
      List<String> running =
          tracking
              .search(pipeline)
              .where(SearchField.tag(StepTags.PIPELINE).is(pipeline))
              .where(SearchField.status().is(RunStatus.RUNNING))
              .page()
              .runs()
              .stream()
              .map(RunRecord::id)
              .toList();
      throw new PipelineRunningException(pipeline, running);
    }
    return lease;
  }

  /** Whether a run holds it, as far as can be seen; changes nothing. */
  static boolean isTaken(JdbcStepCache cache, InstantSource clock, String pipeline) {
    return cache.isTaken(key(pipeline), clock.instant());
  }

  /** Whether no other run has taken it over. */
  boolean isHeld() {
    return cache.isHeld(key(pipeline), token);
  }

  void release() {
    try {
      cache.release(key(pipeline), token);
    } catch (RuntimeException e) {
      LOG.warn(
          "that no run of pipeline \"{}\" goes on could not be noted; it is seen in {} at the latest",
          pipeline,
          JdbcStepCache.LIVING_CLAIM_LIFE,
          e);
    }
  }

  /** No digest of a step's key looks like it. */
  private static String key(String pipeline) {
    return "pipeline " + pipeline;
  }
}
