package dev.mlops4j.pipeline;

/** What a run would do with a step. */
public enum PlannedAction {
  /** Do it. */
  RUN,
  /** Take its output from the cache. */
  CACHED,
  /** Take the output that the caller gave, or that an earlier run kept. */
  GIVEN,
  /** Skip it. */
  SKIP,
  /** Do it or take it from the cache, which depends on what steps before it give. */
  DEPENDS
}
