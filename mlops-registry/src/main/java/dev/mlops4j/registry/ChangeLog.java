package dev.mlops4j.registry;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** Appends to histories what was decided on their present state, and decides again if it moved. */
final class ChangeLog {

  private final RegistryStore store;
  private final InstantSource clock;

  ChangeLog(RegistryStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Ends when the entries are in the history, there is nothing to do, or the decision throws. */
  void append(String model, Decision decision) {
    boolean done = false;
    while (!done) {
      long count = store.changeCount(model);
      List<HistoryEntry> entries = decision.entries(count, time(model, count));
      done = entries.isEmpty() || store.append(model, count, entries);
    }
  }

  /** Now, but never before the last entry. */
  private Instant time(String model, long count) {
    Instant now = clock.instant();
    return store.history(model, Math.max(0, count - 1)).stream()
        .map(HistoryEntry::at)
        .filter(last -> last.isAfter(now))
        .findFirst()
        .orElse(now);
  }

  /** Reads the state of a model and decides what to append to it. */
  @FunctionalInterface
  interface Decision {

    /**
     * What to append to a history of {@code count} entries; nothing if all is as it shall be. What
     * it reads is as it was at that count, or the entries are thrown away.
     */
    List<HistoryEntry> entries(long count, Instant at);
  }
}
