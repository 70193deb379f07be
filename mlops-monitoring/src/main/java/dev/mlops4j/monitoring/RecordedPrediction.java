package dev.mlops4j.monitoring;

import dev.mlops4j.model.Prediction;
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
 * @param arm which of the predictor's models answered, as in {@link Prediction#arm}
 * @param nanos how long it took in nanoseconds; 0 if not measured, or recorded by an older library
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
    @Nullable L label,
    String arm,
    long nanos) {

  /** One of the champion that was not timed. */
  public RecordedPrediction(
      String id,
      Instant askedAt,
      Instant knownAt,
      int version,
      double[] vector,
      double[] output,
      @Nullable L label) {
    this(id, askedAt, knownAt, version, vector, output, label, Prediction.CHAMPION, 0);
  }

  /** The outcome, if it is known. */
  public Optional<L> outcome() {
    return Optional.ofNullable(label);
  }
}
