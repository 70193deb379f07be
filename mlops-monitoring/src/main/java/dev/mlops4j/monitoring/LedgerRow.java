package dev.mlops4j.monitoring;

import dev.mlops4j.data.Timestamps;
import dev.mlops4j.model.Signature.Task;
import org.jspecify.annotations.Nullable;

/**
 * A prediction in the ledger; times are microseconds.
 *
 * @param outcome the outcome known last, or null
 * @param nanos how long it took; 0 if not measured
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record LedgerRow(
    String id,
    long askedAt,
    long knownAt,
    int version,
    double[] vector,
    double[] output,
    @Nullable String outcome,
    String arm,
    long nanos) {

  /** The same as others see it; the label has the type that the task's targets have. */
  @SuppressWarnings("unchecked") // An outcome has the type of the target's labels when it comes in.
  <L> RecordedPrediction<L> recorded(Task task) {
    return new RecordedPrediction<>(
        id,
        Timestamps.fromMicros(askedAt),
        Timestamps.fromMicros(knownAt),
        version,
        vector,
        output,
        outcome == null ? null : (L) OutcomeText.value(task, outcome),
        arm,
        nanos);
  }
}
