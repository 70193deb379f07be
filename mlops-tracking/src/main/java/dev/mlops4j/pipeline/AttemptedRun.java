package dev.mlops4j.pipeline;

import dev.mlops4j.tracking.DeletedRunException;
import dev.mlops4j.tracking.NoSuchRunException;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The run of a pipeline that is a piece of work, at which several processes may make an attempt.
 */
final class AttemptedRun {

  private static final Logger LOG = LoggerFactory.getLogger(AttemptedRun.class);

  /** After which it is looked first, and at the longest, whether the run that goes on has ended. */
  private static final Duration FIRST_LOOK = Duration.ofSeconds(1);

  private static final Duration LONGEST_LOOK = Duration.ofSeconds(15);

  private final Pipeline pipeline;
  private final Workspace workspace;
  private final LaunchSettings settings;
  private final Consumer<String> begun;
  private final Duration beat;

  /** The run that an attempt has begun, which the next one goes on with. */
  private @Nullable String earlier;

  AttemptedRun(
      Pipeline pipeline,
      Workspace workspace,
      LaunchSettings settings,
      @Nullable String earlier,
      Consumer<String> begun) {
    this(pipeline, workspace, settings, earlier, begun, JdbcStepCache.BEAT);
  }

  /** The same with another time between the signs of life of a run. */
  AttemptedRun(
      Pipeline pipeline,
      Workspace workspace,
      LaunchSettings settings,
      @Nullable String earlier,
      Consumer<String> begun,
      Duration beat) {
    this.pipeline = pipeline;
    this.workspace = workspace;
    this.settings = settings;
    this.earlier = earlier;
    this.begun = begun;
    this.beat = beat;
  }

  PipelineReport run() throws InterruptedException {
    Duration look = FIRST_LOOK;
    boolean waits = false;
    while (true) {
      try {
        return attempt(waits);
      } catch (IllegalStateException e) {
        throw isClosed() ? new WorkspaceClosingException(pipeline.name(), e) : e;
      } catch (PipelineRunningException e) {
        if (!waits) {
          LOG.info("pipeline \"{}\" waits: {}", pipeline.name(), e.getMessage());
        }
        waits = true;
        Thread.sleep(look.toMillis());
        look = look.compareTo(LONGEST_LOOK) < 0 ? look.multipliedBy(2) : LONGEST_LOOK;
      }
    }
  }

  private boolean isClosed() {
    try {
      Object unused = workspace.artifacts();
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  private PipelineReport attempt(boolean again) {
    String runId = earlier;
    if (runId != null) {
      Optional<PipelineReport> done = done(runId);
      if (done.isPresent()) {
        return done.get();
      }
    }
    if (again) {
      requireFree();
    }
    if (runId != null) {
      try {
        return report(RunningPipeline.start(pipeline, workspace, settings, runId, beat));
      } catch (NoSuchRunException
          | DeletedRunException
          | PipelineChangedException
          | InvalidParameterException e) {
        LOG.warn("pipeline \"{}\" begins anew: {}", pipeline.name(), e.getMessage());
        earlier = null;
      }
    }
    return begin();
  }

  /** What an earlier attempt gave that died after its run had ended. */
  private Optional<PipelineReport> done(String runId) {
    try (Tracking tracking = Tracking.in(workspace)) {
      RunRecord record = tracking.run(runId);
      boolean isOurs = pipeline.name().equals(record.tags().get(StepTags.PIPELINE));
      if (isOurs && record.status() == RunStatus.RUNNING) {
        throw new PipelineRunningException(runId);
      }
      return isOurs && record.status() == RunStatus.FINISHED
          ? Optional.of(PipelineReport.read(tracking, runId))
          : Optional.empty();
    } catch (NoSuchRunException e) {
      return Optional.empty();
    }
  }

  /** Looks whether it is worth a try, which writes. */
  private void requireFree() {
    if (!settings.overlaps()
        && PipelineLease.isTaken(
            new JdbcStepCache(workspace.database(Area.METADATA)),
            workspace.systemClock(),
            pipeline.name())) {
      throw new PipelineRunningException(pipeline.name(), List.of());
    }
  }

  private PipelineReport begin() {
    RunningPipeline running = RunningPipeline.start(pipeline, workspace, settings, null, beat);
    try {
      begun.accept(running.id());
    } catch (Throwable e) {
      running.cancel();
      throw e;
    }
    earlier = running.id();
    return report(running);
  }

  private PipelineReport report(RunningPipeline running) {
    PipelineRun run = running.await();
    if (run.status() != RunStatus.FINISHED && running.wasTakenOver()) {
      throw new PipelineRunningException(pipeline.name(), List.of());
    }
    if (run.status() == RunStatus.KILLED && running.wasCutOff()) {
      throw new WorkspaceClosingException(pipeline.name(), run.failure());
    }
    return run.orThrow().report();
  }
}
