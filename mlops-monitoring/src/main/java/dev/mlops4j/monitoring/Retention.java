package dev.mlops4j.monitoring;

import dev.mlops4j.MlopsException;
import dev.mlops4j.storage.StorageException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes old rows of a ledger when whole windows of it are old enough and evaluated, and from the
 * counts of these windows the outputs and outcomes: what is left has no number of a single row.
 *
 * @param kept how long after they were asked predictions are kept at least; null for ever
 */
record Retention(
    Ledger ledger,
    JdbcWindows windows,
    EvaluationKey key,
    Periods periods,
    References references,
    @Nullable Duration kept) {

  private static final Logger LOG = LoggerFactory.getLogger(Retention.class);

  /** Removes what is older than the retention now, and was evaluated with its outcomes. */
  void apply(Instant now) {
    Duration keep = kept;
    if (keep == null) {
      return;
    }
    long done = windows.lastEvaluated(key, true).orElse(Long.MIN_VALUE);
    long beyond = periods.numberOf(now.minus(keep));
    if (done != Long.MIN_VALUE) {
      long first = Math.min(beyond, done + 1);
      ledger.removeBefore(periods.startMicros(first));
      // Last: what changes a window until then has it counted anew, with its pairs.
      windows.withPairs(key.length(), first).forEach(this::removePairs);
    }
  }

  private void removePairs(JdbcWindows.Counted counted) {
    try {
      Reference reference = references.of(counted.version());
      windows
          .counts(counted.version(), key.length(), counted.period(), false)
          .flatMap(bytes -> PeriodCounts.read(bytes, reference.columns()))
          .ifPresent(
              counts ->
                  windows.removePairs(key.length(), counted, counts.withoutPairs().toBytes()));
    } catch (StorageException e) {
      throw e;
    } catch (MlopsException e) {
      // The version's package cannot be read, so nobody can say where the pairs are; the next
      // evaluation tries again.
      LOG.warn(
          "outputs and outcomes before the retention stay in a window of version {}: {}",
          counted.version(),
          e.getMessage());
    }
  }
}
