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
   * A prediction, and when the monitor heard of it.
   *
   * @param logged what the feature log took, or null
   */
  record Asked(
      Prediction prediction,
      long askedAtMicros,
      long knownAtMicros,
      FeatureLog.@Nullable Logged logged)
      implements LedgerEntry {

    Asked(Prediction prediction, long askedAtMicros, long knownAtMicros) {
      this(prediction, askedAtMicros, knownAtMicros, null);
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
