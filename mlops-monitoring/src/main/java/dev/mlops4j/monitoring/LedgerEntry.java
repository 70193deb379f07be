package dev.mlops4j.monitoring;

import dev.mlops4j.model.Prediction;
import org.jspecify.annotations.Nullable;

/** What waits to be written to the ledger. */
sealed interface LedgerEntry extends Handed {

  @Override
  default LedgerEntry entry() {
    return this;
  }

  /**
   * A prediction as far as a ledger holds it, and when the monitor heard of it.
   *
   * @param logged what the feature log took, or null
   */
  @SuppressWarnings("ArrayRecordComponent") // nobody compares entries by value
  record Asked(
      String predictionId,
      int version,
      long askedAtMicros,
      long knownAtMicros,
      double[] vector,
      double[] output,
      String arm,
      long nanos,
      FeatureLog.@Nullable Logged logged)
      implements LedgerEntry {

    static Asked of(
        Prediction prediction,
        long askedAtMicros,
        long knownAtMicros,
        FeatureLog.@Nullable Logged logged) {
      return new Asked(
          prediction.id(),
          prediction.version(),
          askedAtMicros,
          knownAtMicros,
          prediction.vector(),
          prediction.output(),
          prediction.arm(),
          prediction.nanos(),
          logged);
    }
  }

  /** An outcome, and since when it is known. */
  record Known(String predictionId, String value, long knownAtMicros) implements LedgerEntry {}

  /**
   * A request that no model answered, and when the monitor heard of it.
   *
   * @param predictionId the id the prediction would have had, or null if it cannot be stored
   */
  record Failed(@Nullable String predictionId, long atMicros) implements LedgerEntry {}
}
