package dev.mlops4j.pipeline;

import dev.mlops4j.tracking.NoSuchRunException;
import dev.mlops4j.tracking.RunNotResumableException;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The run of a pipeline that a firing of a schedule is. */
final class ScheduledRun {

  private static final Logger LOG = LoggerFactory.getLogger(ScheduledRun.class);

  /** How often it is looked whether the run that goes on has ended. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Pipeline pipeline;
  private final Workspace workspace;
  private final LaunchSettings settings;
  private final Firing firing;

  ScheduledRun(Pipeline pipeline, Workspace workspace, LaunchSettings settings, Firing firing) {
    this.pipeline = pipeline;
    this.workspace = workspace;
    this.settings = settings;
    this.firing = firing;
  }

  PipelineReport run() throws InterruptedException {
    while (true) {
      try {
        return attempt();
      } catch (PipelineRunningException e) {
        LOG.info("{} waits: {}", firing, e.getMessage());
        Thread.sleep(LOOK.toMillis());
      }
    }
  }

  private PipelineReport attempt() {
    Optional<String> earlier = firing.earlierRun();
    if (earlier.isPresent()) {
      try {
        return report(RunningPipeline.start(pipeline, workspace, settings, earlier.get()));
      } catch (RunNotResumableException e) {
        try (Tracking tracking = Tracking.in(workspace)) {
          return PipelineReport.read(tracking, earlier.get());
        }
      } catch (NoSuchRunException | PipelineChangedException e) {
        LOG.warn("{} begins anew: {}", firing, e.getMessage());
      }
    }
    Map<String, String> tags =
        Map.of(StepTags.SCHEDULE, firing.schedule(), StepTags.FIRING, firing.id());
    RunningPipeline running =
        RunningPipeline.start(pipeline, workspace, settings.tagged(tags), null);
    boolean held = false;
    try {
      firing.trackedAs(running.id());
      held = true;
    } finally {
      if (!held) {
        running.cancel();
      }
    }
    return report(running);
  }

  private static PipelineReport report(RunningPipeline running) {
    return running.await().orThrow().report();
  }
}
