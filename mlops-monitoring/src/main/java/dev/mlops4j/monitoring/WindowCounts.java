package dev.mlops4j.monitoring;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The counts of periods for one evaluation, read once, and those that are not stored yet. Not safe
 * for use by several threads.
 */
final class WindowCounts {

  private final Ledger ledger;
  private final JdbcWindows windows;
  private final References references;
  private final Periods periods;
  private final boolean outcomesIn;
  private final @Nullable Long anew;
  private final Map<List<Long>, PeriodCounts> known = new HashMap<>();
  private final List<JdbcWindows.CountsToStore> fresh = new ArrayList<>();

  /**
   * No counts yet.
   *
   * @param anew the period whose rows are to be counted again although counts are stored
   */
  WindowCounts(
      Ledger ledger,
      JdbcWindows windows,
      References references,
      Periods periods,
      boolean outcomesIn,
      @Nullable Long anew) {
    this.ledger = ledger;
    this.windows = windows;
    this.references = references;
    this.periods = periods;
    this.outcomesIn = outcomesIn;
    this.anew = anew;
  }

  /** Those that were made from rows and are to be stored. */
  List<JdbcWindows.CountsToStore> fresh() {
    return fresh;
  }

  PeriodCounts of(Reference reference, int version, long period) {
    return known.computeIfAbsent(
        List.of((long) version, period), key -> find(reference, version, period));
  }

  /** The same for what is needed once, and is not kept in memory. */
  PeriodCounts once(Reference reference, int version, long period) {
    PeriodCounts read = known.get(List.of((long) version, period));
    return read == null ? find(reference, version, period) : read;
  }

  private PeriodCounts find(Reference reference, int version, long period) {
    Optional<PeriodCounts> stored =
        anew != null && anew == period
            ? Optional.empty()
            : windows
                .counts(version, periods.lengthMicros(), period, outcomesIn)
                .flatMap(bytes -> PeriodCounts.read(bytes, reference.columns()));
    if (stored.isPresent()) {
      return stored.get();
    }
    PredictionCounter counter = new PredictionCounter(reference, version, references::signature);
    ledger.scan(
        periods.startMicros(period),
        periods.startMicros(period + 1),
        row -> counter.add(row.version(), row.vector(), row.output(), row.outcome()));
    ledger.completeFeatures(reference, version, period, counter.counts());
    fresh.add(new JdbcWindows.CountsToStore(version, period, counter.counts().toBytes()));
    return counter.counts();
  }
}
