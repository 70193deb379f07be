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
  /** A retraining that failed again; of no column, and never stored. */
  RETRAINING("retraining");

  private final String word;

  AlertKind(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }
}
