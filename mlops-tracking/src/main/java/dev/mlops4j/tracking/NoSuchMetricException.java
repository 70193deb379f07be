package dev.mlops4j.tracking;

import dev.mlops4j.MlopsException;

/** A run does not have the metric that was asked for. */
public final class NoSuchMetricException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String runId;
  private final String metric;

  NoSuchMetricException(RunRecord run, String metric) {
    super(
        "run " + run.id() + " has no metric \"" + metric + "\"; it has " + run.metrics().keySet());
    this.runId = run.id();
    this.metric = metric;
  }

  /** The run's id. */
  public String runId() {
    return runId;
  }

  /** The metric that was asked for. */
  public String metric() {
    return metric;
  }
}
