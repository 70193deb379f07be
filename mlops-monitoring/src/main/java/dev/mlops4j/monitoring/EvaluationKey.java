package dev.mlops4j.monitoring;

/**
 * Whose evaluations these are: monitors of one model with different references or windows evaluate
 * independently.
 *
 * @param reference what windows are compared with, as it is stored; empty for the training data
 * @param length how long a window is, in microseconds
 */
record EvaluationKey(String reference, long length) {

  static EvaluationKey of(MonitorReference reference, Periods periods) {
    boolean training = reference instanceof MonitorReference.Training;
    return new EvaluationKey(training ? "" : reference.toString(), periods.lengthMicros());
  }
}
