package dev.mlops4j.monitoring;

import org.jspecify.annotations.Nullable;

/** What a caller hands to the thread that writes the ledger, which makes an entry of it. */
interface Handed {

  /** What is to be written; null, or a failure, if it cannot be recorded. */
  @Nullable LedgerEntry entry();
}
