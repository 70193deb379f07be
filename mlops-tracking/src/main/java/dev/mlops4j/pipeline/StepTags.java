package dev.mlops4j.pipeline;

/** The names under which a run says what it was in a pipeline. */
final class StepTags {

  /** Before the paths of what the library keeps among the artifacts of a step's run. */
  static final String ARTIFACTS = "pipeline/";

  /** Of the run of a pipeline: the pipeline's name. */
  static final String PIPELINE = "pipeline";

  /** Of the run of a pipeline: what its steps were, to see whether they have changed. */
  static final String GRAPH = "pipeline.graph";

  /** Of the run of one step of a pipeline alone: the step's name. */
  static final String ONLY = "pipeline.only";

  /** Of the same: the run whose outputs it takes; absent for the last ones. */
  static final String ONLY_FROM = "pipeline.only.from";

  /** Of the run of a step: the step's name. */
  static final String STEP = "pipeline.step";

  /** Of the run of an element: the element's name. */
  static final String ELEMENT = "pipeline.element";

  /** Of the run of a step: the digest of its key. */
  static final String KEY = "pipeline.key";

  /** Of the run of a step: the digest of the code that made its output. */
  static final String CODE = "pipeline.code";

  /** Of the run of a step: its output, as {@link StoredOutput} writes it. */
  static final String OUTPUT = "pipeline.output";

  /** Of the run of a step: how it ended. */
  static final String STATUS = "pipeline.status";

  /** Of the run of a step: how often it was tried. */
  static final String ATTEMPTS = "pipeline.attempts";

  /** Before the name of a step in the params of a run that takes its output. */
  static final String INPUT = "input.";

  /** Of the run of a pipeline that a schedule has begun: the schedule's name. */
  static final String SCHEDULE = "schedule";

  /** Of the same: the id of the firing. */
  static final String FIRING = "schedule.firing";

  private StepTags() {}
}
