package dev.mlops4j.monitoring;

import dev.mlops4j.model.Prediction;

/** What waits to be written to the ledger. */
sealed interface LedgerEntry {

  /** A prediction, and when the monitor heard of it. */
  record Asked(Prediction prediction, long askedAtMicros, long knownAtMicros)
      implements LedgerEntry {}

  /** An outcome, and since when it is known. */
  record Known(String predictionId, String value, long knownAtMicros) implements LedgerEntry {}
}
