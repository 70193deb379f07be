package dev.mlops4j.monitoring;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A prediction as the ledger holds it. The arrays are the reader's own; every double is the one
 * predicted, to the bit.
 *
 * @param id the prediction's
 * @param askedAt the moment the features were taken for, cut to microseconds
 * @param knownAt when the monitor heard of it, by the workspace's clock, cut to microseconds
 * @param version the version that answered
 * @param vector the features, as the model saw them
 * @param output what the model gave
 * @param label the outcome, of several the one known last; null if there is none yet
 * @param <L> the labels
 */
@SuppressWarnings("ArrayRecordComponent") // rows are arrays of doubles everywhere
public record RecordedPrediction<L>(
    String id,
    Instant askedAt,
    Instant knownAt,
    int version,
    double[] vector,
    double[] output,
    @Nullable L label) {

  /** The outcome, if it is known. */
  public Optional<L> outcome() {
    return Optional.ofNullable(label);
  }
}
