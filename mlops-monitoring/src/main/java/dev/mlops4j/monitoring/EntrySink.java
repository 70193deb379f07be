package dev.mlops4j.monitoring;

import java.util.List;

/** What keeps entries: a ledger, or the spool before it. */
interface EntrySink {

  /** Records all of these, durable on return, or none if it throws. */
  void write(List<LedgerEntry> entries);

  /**
   * Whether {@link #write} failed because of what an entry is, so that it would fail again and
   * again, and not because of the state of the sink.
   */
  default boolean isRefusal(Throwable failure) {
    return false;
  }

  /** Whether it failed as there is no room for all of these; for fewer there may be. */
  default boolean isFull(Throwable failure) {
    return false;
  }
}
