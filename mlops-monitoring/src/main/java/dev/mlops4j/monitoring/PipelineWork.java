package dev.mlops4j.monitoring;

import dev.mlops4j.pipeline.PipelineLaunch;
import dev.mlops4j.pipeline.PipelineReport;
import java.util.concurrent.CancellationException;
import java.util.function.Function;

/** A retraining that is the run of a pipeline, which another process goes on with. */
final class PipelineWork implements RetrainingWork {

  private final Function<RetrainingTrigger, PipelineLaunch> launches;

  PipelineWork(Function<RetrainingTrigger, PipelineLaunch> launches) {
    this.launches = launches;
  }

  @Override
  public String run(RetrainingLease lease) throws InterruptedException {
    PipelineReport report =
        launches
            .apply(lease.trigger())
            .tag("retraining", lease.id())
            .runOrResume(lease.earlierRun().orElse(null), runId -> track(lease, runId));
    return "run " + report.runId() + " of the pipeline";
  }

  private static void track(RetrainingLease lease, String runId) {
    if (!lease.track(runId)) {
      throw new CancellationException("retraining " + lease.id() + " was taken over");
    }
  }
}
