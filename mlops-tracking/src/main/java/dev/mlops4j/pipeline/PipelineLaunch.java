package dev.mlops4j.pipeline;

import dev.mlops4j.workspace.Workspace;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How a pipeline is to be run, and the run. Not for several threads; a run may be started more than
 * once.
 *
 * <pre>{@code
 * PipelineRun run = pipeline.in(workspace).parameter("depth", "8").threads(2).run();
 * }</pre>
 */
public final class PipelineLaunch {

  private static final int MOST_THREADS = 1_000;

  private final Pipeline pipeline;
  private final Workspace workspace;
  private final Map<String, String> parameters = new LinkedHashMap<>();
  private final Map<String, String> tags = new LinkedHashMap<>();
  private final Map<String, Object> replaced = new LinkedHashMap<>();
  private final Set<String> refreshed = new LinkedHashSet<>();
  private final List<PipelineListener> listeners = new ArrayList<>();
  private boolean refreshesAll;
  private boolean allowsChangedCode;
  private boolean overlaps;
  private int threads = Runtime.getRuntime().availableProcessors();
  private @Nullable String only;
  private @Nullable String fromRun;

  PipelineLaunch(Pipeline pipeline, Workspace workspace) {
    this.pipeline = pipeline;
    this.workspace = workspace;
  }

  /**
   * Gives a parameter, as a text.
   *
   * @throws InvalidParameterException if there is no such parameter, or the text is no value of it
   */
  public PipelineLaunch parameter(String name, String text) {
    Object unused = pipeline.parameter(name).parse(text);
    parameters.put(name, text);
    return this;
  }

  /**
   * Gives a parameter.
   *
   * @throws InvalidParameterException if it is another pipeline's
   */
  public <T> PipelineLaunch parameter(Parameter<T> parameter, T value) {
    return parameter(parameter.name(), ParameterText.write(value));
  }

  /** Sets a tag of the run, such as why it was started. */
  public PipelineLaunch tag(String key, String value) {
    tags.put(key, value);
    return this;
  }

  /**
   * How many steps are done at a time at most; as many as there are processors unless stated.
   *
   * @throws IllegalArgumentException if it is not 1 to 1,000
   */
  public PipelineLaunch threads(int most) {
    if (most < 1 || most > MOST_THREADS) {
      throw new IllegalArgumentException(
          "a run has 1 to " + MOST_THREADS + " threads, found " + most);
    }
    threads = most;
    return this;
  }

  /** Has the run seen by a listener, beside those it has. */
  public PipelineLaunch listener(PipelineListener listener) {
    listeners.add(listener);
    return this;
  }

  /**
   * Has these steps done although the cache has their outputs, which the new ones replace.
   *
   * @throws NoSuchStepException if one is not the pipeline's
   */
  public PipelineLaunch refresh(String... steps) {
    for (String step : steps) {
      refreshed.add(pipeline.step(step).name());
    }
    return this;
  }

  /** Has all steps done, whatever the cache has; see {@link #refresh}. */
  public PipelineLaunch refreshAll() {
    refreshesAll = true;
    return this;
  }

  /**
   * Gives the output of a step, which is not done then: for tests, on small data. Steps whose
   * outputs only such steps take are skipped.
   */
  public <T> PipelineLaunch replace(Step<T> step, T output) {
    replaced.put(pipeline.step(step.name()).name(), output);
    return this;
  }

  /**
   * Has one step done alone, so that an outside program can own the graph. Of the steps it depends
   * on it takes the outputs that they gave last in a run of the pipeline in the workspace that had
   * the same values of the parameters that they depend on and that can be read; the report says in
   * which run. Conditions count as always.
   *
   * @throws NoSuchStepException if it is not the pipeline's
   */
  public PipelineLaunch only(String step) {
    only = pipeline.step(step).name();
    return this;
  }

  /**
   * The same with the outputs that the steps before gave in one run, whatever its parameters were.
   *
   * @throws NoSuchStepException if it is not the pipeline's
   */
  public PipelineLaunch only(String step, String runId) {
    fromRun = runId;
    return only(step);
  }

  /** Lets a resume go on although the pipeline has changed since the run was started. */
  public PipelineLaunch allowChangedCode() {
    allowsChangedCode = true;
    return this;
  }

  /**
   * Lets the run go on beside others of the pipeline. Unless this is called, at most one goes on in
   * all processes of the workspace: one that is killed counts until its process is seen to be gone,
   * on another host for a minute. One that is suspended for more than a minute, on the same host 10
   * minutes, counts no longer, and is cancelled when it goes on; the clocks of hosts must differ by
   * less than 50 s. Runs of {@link #only} one step always go on beside others.
   */
  public PipelineLaunch allowOverlap() {
    overlaps = true;
    return this;
  }

  /**
   * What a run would do, without doing it.
   *
   * @throws InvalidParameterException if a parameter is missing
   */
  public PipelinePlan plan() {
    return Planner.plan(pipeline, workspace, settings());
  }

  /**
   * Runs the pipeline and waits for its end. Nothing is thrown for a step that fails: {@link
   * PipelineRun#orThrow} does that. If the calling thread is interrupted the run is cancelled, and
   * the thread is interrupted when this returns.
   *
   * @throws InvalidParameterException if a parameter is missing
   * @throws MissingOutputException if one step alone was asked for, and one that it depends on has
   *     no output yet
   * @throws PipelineRunningException if another run of the pipeline goes on; see {@link
   *     #allowOverlap}
   * @throws dev.mlops4j.MlopsException if the workspace fails
   */
  public PipelineRun run() {
    return start().await();
  }

  /**
   * Runs the pipeline as the work of a schedule: see {@link #runOrResume}. The run is named in the
   * firing's history, and has the schedule and the firing as tags.
   *
   * @return how the run went, FINISHED
   * @throws PipelineFailedException if a step failed, or the run was cancelled as the scheduler
   *     closes: then the firing is given back
   * @throws WorkspaceClosingException if the workspace was closed: then as well
   * @throws InvalidParameterException if a parameter is missing
   * @throws InterruptedException if that happened while it waited
   * @throws LeaseLostException if another process has taken the firing over
   * @throws SettingNotForResumeException if {@link #refresh}, {@link #refreshAll} or {@link #only}
   *     was called
   */
  public PipelineReport run(Firing firing) throws InterruptedException {
    checkResumable(Map.of());
    Map<String, String> named =
        Map.of(StepTags.SCHEDULE, firing.schedule(), StepTags.FIRING, firing.id());
    LaunchSettings tagged = settings().tagged(named);
    String earlier = firing.earlierRun().orElse(null);
    return new AttemptedRun(pipeline, workspace, tagged, earlier, firing::trackedAs).run();
  }

  /**
   * Runs the pipeline as a piece of work at which several attempts may be made, as its processes
   * die: goes on with the run that an earlier attempt began. If that run is FINISHED nothing is
   * done. If it is gone, or cannot be gone on with since the pipeline or a parameter has changed,
   * another one is begun, of which the log warns. {@linkplain #tag Tags} are those of a run that is
   * begun. While another run of the pipeline goes on this one waits; so it does if another one took
   * its pipeline over, as from a process that was suspended, and goes on with itself then.
   *
   * @param earlierRun the run that was named last; null if none was
   * @param begun is given the id of a run that was begun, to be kept for the next attempt; the run
   *     is cancelled if it throws
   * @return how the run went, FINISHED
   * @throws PipelineFailedException if a step failed, or the run was cancelled
   * @throws WorkspaceClosingException if the workspace was closed meanwhile: it has not failed, and
   *     is to be attempted again
   * @throws InvalidParameterException if a parameter is missing
   * @throws InterruptedException if that happened while it waited
   * @throws SettingNotForResumeException if {@link #refresh}, {@link #refreshAll} or {@link #only}
   *     was called
   */
  public PipelineReport runOrResume(@Nullable String earlierRun, Consumer<String> begun)
      throws InterruptedException {
    checkResumable(Map.of());
    return new AttemptedRun(pipeline, workspace, settings(), earlierRun, begun).run();
  }

  /** Starts a run, which goes on in threads of its own; see {@link #run}. */
  public RunningPipeline start() {
    return RunningPipeline.start(pipeline, workspace, settings(), null);
  }

  /**
   * Goes on with a run of any process that failed, was cancelled or whose process died, and waits
   * for its end. Steps that are done are kept, if they would get the same inputs; all others are
   * done, but of a run of {@link #only} one step that one alone, with what those before it gave
   * last. The parameters are those of the run.
   *
   * @throws dev.mlops4j.tracking.NoSuchRunException if there is no such run
   * @throws dev.mlops4j.tracking.RunNotResumableException if it is FINISHED
   * @throws PipelineRunningException if a process is running it, or another run of the pipeline
   *     goes on; see {@link #allowOverlap}
   * @throws MissingOutputException if it is a run of one step alone, and one that it depends on has
   *     no output that can be read
   * @throws PipelineChangedException if the pipeline has changed since and {@link
   *     #allowChangedCode} was not called; also if it is a run of another pipeline
   * @throws InvalidParameterException if a parameter was given here that has another value there
   * @throws SettingNotForResumeException if {@link #tag}, {@link #refresh}, {@link #refreshAll} or
   *     {@link #only} was called, which a run that goes on cannot follow
   */
  public PipelineRun resume(String runId) {
    checkResumable(tags);
    return RunningPipeline.start(pipeline, workspace, settings(), runId).await();
  }

  private void checkResumable(Map<String, String> newTags) {
    List<String> settings = new ArrayList<>();
    newTags.forEach((key, value) -> settings.add("tag " + key));
    refreshed.forEach(step -> settings.add("refresh of " + step));
    if (refreshesAll) {
      settings.add("refresh of all steps");
    }
    if (only != null) {
      settings.add("step " + only + " only");
    }
    if (!settings.isEmpty()) {
      throw new SettingNotForResumeException(settings);
    }
  }

  /** All that was asked for. */
  LaunchSettings settings() {
    return new LaunchSettings(
        new LinkedHashMap<>(parameters),
        Map.copyOf(tags),
        Map.copyOf(replaced),
        Set.copyOf(refreshed),
        refreshesAll,
        threads,
        allowsChangedCode,
        overlaps,
        only,
        fromRun,
        List.copyOf(listeners));
  }
}
