package dev.mlops4j.monitoring;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Removes old rows of a ledger when whole windows of it are old enough and evaluated.
 *
 * @param kept how long after they were asked predictions are kept at least; null for ever
 */
record Retention(
    Ledger ledger,
    JdbcWindows windows,
    EvaluationKey key,
    Periods periods,
    @Nullable Duration kept) {

  /** Removes what is older than the retention now, and was evaluated with its outcomes. */
  void apply(Instant now) {
    Duration keep = kept;
    if (keep == null) {
      return;
    }
    long done = windows.lastEvaluated(key, true).orElse(Long.MIN_VALUE);
    long beyond = periods.numberOf(now.minus(keep));
    if (done != Long.MIN_VALUE) {
      ledger.removeBefore(periods.startMicros(Math.min(beyond, done + 1)));
    }
  }
}
