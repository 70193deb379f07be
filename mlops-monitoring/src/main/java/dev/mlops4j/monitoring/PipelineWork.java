package dev.mlops4j.monitoring;

import dev.mlops4j.pipeline.PipelineChangedException;
import dev.mlops4j.pipeline.PipelineLaunch;
import dev.mlops4j.pipeline.PipelineRun;
import dev.mlops4j.pipeline.RunningPipeline;
import dev.mlops4j.tracking.NoSuchRunException;
import dev.mlops4j.tracking.RunNotResumableException;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A retraining that is the run of a pipeline, which another process goes on with. */
final class PipelineWork implements RetrainingWork {

  private static final Logger LOG = LoggerFactory.getLogger(Retraining.class);

  private final Function<RetrainingTrigger, PipelineLaunch> launches;

  PipelineWork(Function<RetrainingTrigger, PipelineLaunch> launches) {
    this.launches = launches;
  }

  @Override
  public String run(RetrainingLease lease) {
    Optional<String> earlier = lease.earlierRun();
    if (earlier.isPresent()) {
      try {
        // The run has its tag: one that goes on takes no other.
        return text(launches.apply(lease.trigger()).resume(earlier.get()));
      } catch (RunNotResumableException e) {
        return "run " + earlier.get() + " had ended when its process died";
      } catch (NoSuchRunException | PipelineChangedException e) {
        LOG.warn("retraining {} begins anew: {}", lease.id(), e.getMessage());
      }
    }
    return begin(lease);
  }

  private String begin(RetrainingLease lease) {
    RunningPipeline running = launches.apply(lease.trigger()).tag("retraining", lease.id()).start();
    boolean held = false;
    try {
      held = lease.track(running.id());
    } finally {
      if (!held) {
        running.cancel();
      }
    }
    return text(running.await());
  }

  private static String text(PipelineRun run) {
    return "run " + run.orThrow().id() + " of the pipeline";
  }
}
