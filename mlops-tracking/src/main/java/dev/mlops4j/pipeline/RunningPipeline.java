package dev.mlops4j.pipeline;

import dev.mlops4j.MlopsException;
import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.RunArtifact;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A run of a pipeline that goes on. Safe for any number of threads. */
public final class RunningPipeline {

  private static final Logger LOG = LoggerFactory.getLogger(RunningPipeline.class);

  /** The name of the report among the artifacts of the run. */
  static final String REPORT = "pipeline.json";

  /** How long the close of the workspace waits for steps that are interrupted. */
  private static final long CLOSE_SECONDS = 30;

  private final Workspace workspace;
  private final Tracking tracking;
  private final RunDirectory scratch;
  private final RunScope scope;
  private final @Nullable PipelineLease lease;
  private final AutoCloseable onClose = this::stop;
  private final Execution execution;
  private final CompletableFuture<PipelineRun> end = new CompletableFuture<>();

  /** By the thread that ended the last step. */
  private @Nullable Future<?> released;

  private volatile boolean cutOff;

  private RunningPipeline(
      Workspace workspace,
      Tracking tracking,
      RunDirectory scratch,
      RunScope scope,
      @Nullable PipelineLease lease,
      ParameterValues parameters,
      List<Step<?>> steps) {
    this.workspace = workspace;
    this.tracking = tracking;
    this.scratch = scratch;
    this.scope = scope;
    this.lease = lease;
    this.execution = new Execution(scope, parameters, steps, this::over);
  }

  static RunningPipeline start(
      Pipeline pipeline, Workspace workspace, LaunchSettings settings, @Nullable String resumed) {
    return start(pipeline, workspace, settings, resumed, JdbcStepCache.BEAT);
  }

  /** The same with another time between its signs of life. */
  static RunningPipeline start(
      Pipeline pipeline,
      Workspace workspace,
      LaunchSettings settings,
      @Nullable String resumed,
      Duration beat) {
    Tracking tracking = Tracking.in(workspace);
    String token = UUID.randomUUID().toString();
    PipelineLease lease = null;
    RunDirectory scratch = null;
    try {
      LaunchSettings asked = settings;
      if (resumed != null) {
        // That there is no such run is said before that another goes on.
        asked = settings.asOf(tracking.run(resumed));
      }
      if (!asked.overlaps() && asked.only() == null) {
        JdbcStepCache cache = new JdbcStepCache(workspace.database(Area.METADATA));
        lease =
            PipelineLease.take(cache, tracking, workspace.systemClock(), pipeline.name(), token);
      }
      scratch = RunDirectory.open();
      RunningPipeline running =
          prepare(pipeline, workspace, tracking, asked, resumed, scratch, token, lease);
      running.scope.pool().every(beat, running::beat);
      workspace.onClose(running.onClose);
      running.execution.start();
      return running;
    } catch (RuntimeException | Error e) {
      if (scratch != null) {
        scratch.close();
      }
      if (lease != null) {
        lease.release();
      }
      tracking.close();
      throw e;
    }
  }

  private static RunningPipeline prepare(
      Pipeline pipeline,
      Workspace workspace,
      Tracking tracking,
      LaunchSettings settings,
      @Nullable String resumed,
      RunDirectory scratch,
      String token,
      @Nullable PipelineLease lease) {
    EarlierRuns earlier = new EarlierRuns(pipeline, tracking, workspace.artifacts());
    GivenOutputs given = GivenOutputs.replacing(pipeline, settings.replaced());
    ParameterValues parameters;
    List<Step<?>> steps = pipeline.steps();
    RunRecord record = resumed == null ? null : tracking.run(resumed);
    if (record == null) {
      parameters = new ParameterValues(pipeline, settings.parameters());
    } else {
      List<String> unused = earlier.changes(record, settings);
      parameters = new ParameterValues(pipeline, earlier.parameters(record, settings.parameters()));
    }
    if (settings.only() != null) {
      Step<?> only = pipeline.step(settings.only());
      given = earlier.latest(only, parameters, settings.fromRun(), given);
      steps = only.steps();
      steps.add(only);
    }
    Run run;
    if (record != null) {
      run = earlier.resume(record, settings);
      given = earlier.kept(record.id(), given);
    } else {
      Map<String, String> tags = new LinkedHashMap<>(settings.tags());
      tags.put(StepTags.PIPELINE, pipeline.name());
      tags.put(StepTags.GRAPH, PipelineGraph.of(pipeline));
      tags.putAll(settings.tagsOfOne());
      run = tracking.start(pipeline.name(), parameters.texts(), tags);
    }
    RunScope scope =
        new RunScope(
            pipeline,
            run,
            workspace.artifacts(),
            new JdbcStepCache(workspace.database(Area.METADATA)),
            workspace.systemClock(),
            new JobPool(settings.threads()),
            scratch.path(),
            settings,
            given,
            token,
            lease);
    return new RunningPipeline(workspace, tracking, scratch, scope, lease, parameters, steps);
  }

  /** The run's id. */
  public String id() {
    return scope.run().id();
  }

  /**
   * Cancels the run: steps that go on are interrupted, those that have not begun are not done.
   * Returns at once; the run ends, KILLED, when the interrupted steps have returned. Of a run that
   * has ended it changes nothing.
   */
  public void cancel() {
    boolean unused = scope.cancel();
  }

  /** Whether it was cancelled because another run of the pipeline seemed to live in its place. */
  boolean wasTakenOver() {
    return scope.wasTakenOver();
  }

  /** Whether it was cancelled by the close of its workspace. */
  boolean wasCutOff() {
    return cutOff;
  }

  /** Shows that it lives, and looks whether others think so. */
  void beat() {
    scope.beat();
  }

  /** How it stands. */
  public PipelineReport report() {
    return execution.report(RunStatus.RUNNING);
  }

  /**
   * Waits for the end. If the calling thread is interrupted, the run is cancelled and waited for,
   * and the thread is interrupted when this returns.
   *
   * @throws MlopsException if the workspace failed, so that the end of the run is not recorded
   */
  public PipelineRun await() {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return end.get();
        } catch (InterruptedException e) {
          interrupted = true;
          cancel();
        }
      }
    } catch (ExecutionException e) {
      throw rethrown(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException rethrown(ExecutionException e) {
    return e.getCause() instanceof RuntimeException unchecked
        ? unchecked
        : new CompletionException(e.getCause());
  }

  /** Before the workspace is closed: what the steps record on their way out is still taken. */
  private void stop() {
    // Before the run can end.
    cutOff = !scope.isCancelled();
    cancel();
    try {
      PipelineRun unused = end.get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (TimeoutException e) {
      LOG.warn("run {} had not ended {} s after it was cancelled", id(), CLOSE_SECONDS);
    } catch (ExecutionException e) {
      LOG.warn("the end of run {} could not be recorded", id(), e.getCause());
    }
  }

  /** By the thread that ended the last step. All is cleared away when the end is known. */
  private void over() {
    PipelineRun run = null;
    Throwable failure = null;
    try {
      run = record();
      PipelineReport report = run.report();
      execution.tell(listener -> listener.ended(report));
    } catch (Throwable e) {
      failure = e;
    }
    awaitQuietly(release());
    scope.pool().close();
    scratch.close();
    try {
      tracking.close();
    } catch (RuntimeException e) {
      failure = failure == null ? e : failure;
    }
    workspace.forget(onClose);
    if (failure == null && run != null) {
      end.complete(run);
    } else {
      end.completeExceptionally(
          failure == null ? new IllegalStateException("the run has no end") : failure);
    }
  }

  /** Once, beside the end of the run, so that both are one write. */
  private Future<?> release() {
    Future<?> before = released;
    if (before != null) {
      return before;
    }
    scope.quiet();
    Future<?> begun =
        lease == null
            ? CompletableFuture.completedFuture(null)
            : scope.pool().after(Duration.ZERO, lease::release);
    released = begun;
    return begun;
  }

  private static void awaitQuietly(Future<?> released) {
    boolean interrupted = Thread.interrupted();
    try {
      Object unused = released.get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("it takes a while until the next run can begin", e);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private PipelineRun record() {
    scope.recorder().flush();
    Map<String, Throwable> failures = execution.failures();
    RunStatus status =
        execution.wasCancelled()
            ? RunStatus.KILLED
            : failures.isEmpty() ? RunStatus.FINISHED : RunStatus.FAILED;
    PipelineReport report = execution.report(status);
    List<RunArtifact> artifacts = stored(report);
    PipelineRun ended =
        new PipelineRun(scope.pipeline(), report, failures, execution::stored, scope.artifacts());
    // Not before: the next run is not to begin while this one has something to do.
    Future<?> unused = release();
    switch (status) {
      case FINISHED -> scope.run().finish(Map.of(), Map.of(), artifacts);
      case FAILED -> scope.run().fail(ended.failure());
      default -> scope.run().kill("cancelled");
    }
    return ended;
  }

  /** Keeps the report. A run that has none has ended all the same. */
  private List<RunArtifact> stored(PipelineReport report) {
    try {
      byte[] json = ReportJson.write(report).getBytes(StandardCharsets.UTF_8);
      if (report.status() != RunStatus.FINISHED) {
        scope.run().artifact(REPORT, json);
        return List.of();
      }
      // With the end, in one write.
      return List.of(
          new RunArtifact(REPORT, RunArtifact.Kind.FILE, scope.artifacts().put(json), json.length));
    } catch (RuntimeException e) {
      LOG.warn("the report of run {} could not be kept", id(), e);
      return List.of();
    }
  }
}
