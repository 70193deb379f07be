package dev.mlops4j.monitoring;

/** What a verdict or an alert is about. */
public enum AlertKind {
  /** The values of a feature. */
  FEATURE_DRIFT("feature"),
  /** The values that the model predicts. */
  PREDICTION_DRIFT("prediction"),
  /** The labels that came true. */
  LABEL_DRIFT("label"),
  /** The predicted share against the actual one, of the same rows. */
  CALIBRATION("calibration"),
  /** A metric of the labelled predictions, by a rule. */
  PERFORMANCE("performance"),
  /** How many predictions there were, by a rule. */
  VOLUME("volume"),
  /** How long predictions took, by a rule. */
  LATENCY("latency"),
  /** The share of requests that no model answered, by a rule. */
  FAILURES("failures"),
  /** The share of lookups that found nothing fresh, by a rule. */
  STALENESS("staleness"),
  /** The share of predictions without an outcome, by a rule. */
  UNLABELLED("unlabelled"),
  /**
   * That nothing of a window could be judged: there is nothing to compare with, or no column could
   * be compared. While it goes on, no drift is found.
   */
  UNJUDGED("unjudged"),
  /** A retraining that failed again; of no column, and never stored. */
  RETRAINING("retraining");

  private final String word;

  AlertKind(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }

  /** Whether it is a verdict on a column that alerts; else a rule or a retraining. */
  boolean isDrift() {
    return this == FEATURE_DRIFT
        || this == PREDICTION_DRIFT
        || this == LABEL_DRIFT
        || this == CALIBRATION;
  }

  /** Whether it needs outcomes, and so is judged when they are due. */
  boolean needsOutcomes() {
    return this == LABEL_DRIFT || this == CALIBRATION || this == PERFORMANCE || this == UNLABELLED;
  }
}
