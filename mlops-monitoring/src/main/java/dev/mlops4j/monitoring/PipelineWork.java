package dev.mlops4j.monitoring;

import dev.mlops4j.pipeline.PipelineLaunch;
import dev.mlops4j.pipeline.PipelineReport;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CancellationException;
import java.util.function.Function;

/** A retraining that is the run of a pipeline, which another process goes on with. */
final class PipelineWork implements RetrainingWork {

  private static final String TAG = "retraining";

  private final Function<RetrainingTrigger, PipelineLaunch> launches;

  PipelineWork(Function<RetrainingTrigger, PipelineLaunch> launches) {
    this.launches = launches;
  }

  @Override
  public String run(RetrainingLease lease) throws InterruptedException {
    RetrainingTrigger trigger = lease.trigger();
    PipelineLaunch launch = launches.apply(trigger).tag(TAG, trigger.id());
    trigger.alert().ifPresent(alert -> launch.tag(TAG + ".alert", alert.id()));
    if (!trigger.why().isEmpty()) {
      launch.tag(TAG + ".why", storable(String.join("; ", trigger.why())));
    }
    PipelineReport report =
        launch.runOrResume(lease.earlierRun().orElse(null), runId -> track(lease, runId));
    return "run " + report.runId() + " of the pipeline";
  }

  /** Words may name a category, which is whatever was in the data. */
  private static String storable(String words) {
    byte[] text = words.replace('\0', '?').getBytes(StandardCharsets.UTF_8);
    return new String(text, StandardCharsets.UTF_8);
  }

  private static void track(RetrainingLease lease, String runId) {
    if (!lease.track(runId)) {
      throw new CancellationException("retraining " + lease.id() + " was taken over");
    }
  }
}
