package dev.mlops4j.monitoring;

import java.util.concurrent.atomic.LongAdder;

/** Counts what was handed over and is not recorded. */
final class LostEntries {

  private final LongAdder predictions = new LongAdder();
  private final LongAdder outcomes = new LongAdder();

  /** Counts one by what it is. */
  void add(Handed item) {
    if (item instanceof LedgerEntry.Known) {
      outcomes.increment();
    } else {
      predictions.increment();
    }
  }

  /** Counts so many as predictions. */
  void addPredictions(long count) {
    predictions.add(count);
  }

  long predictions() {
    return predictions.sum();
  }

  long outcomes() {
    return outcomes.sum();
  }
}
