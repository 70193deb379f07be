package dev.mlops4j.monitoring;

import dev.mlops4j.MlopsException;
import dev.mlops4j.storage.StorageException;
import dev.mlops4j.storage.Transaction;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The features of predictions whose vectors are not kept: counted when they are written, by version
 * and period, in the bins of the reference of the version that answered.
 */
final class JdbcFeatureCounts {

  private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);

  private final References references;
  private final Periods periods;
  private final LongAdder uncounted = new LongAdder();

  JdbcFeatureCounts(References references, Periods periods) {
    this.references = references;
    this.periods = periods;
  }

  /** How many predictions were not counted, as there is no reference of their version. */
  long uncounted() {
    return uncounted.sum();
  }

  /** Adds these to what is stored; in the transaction that writes them, while no other writes. */
  void add(Transaction tx, long model, List<LedgerEntry.Asked> written) throws SQLException {
    Map<Integer, Map<Long, PredictionCounter>> counters = new LinkedHashMap<>();
    for (LedgerEntry.Asked asked : written) {
      try {
        counters
            .computeIfAbsent(asked.version(), version -> new LinkedHashMap<>())
            .computeIfAbsent(
                periods.numberOf(asked.askedAtMicros()), period -> counter(asked.version()))
            .add(asked.version(), asked.vector(), asked.output(), null);
      } catch (StorageException e) {
        // All of the batch is tried again.
        throw e;
      } catch (MlopsException e) {
        uncounted.increment();
        LOG.debug("the features of a prediction could not be counted", e);
      }
    }
    for (Map.Entry<Integer, Map<Long, PredictionCounter>> version : counters.entrySet()) {
      for (Map.Entry<Long, PredictionCounter> period : version.getValue().entrySet()) {
        store(tx, model, version.getKey(), period.getKey(), period.getValue().counts());
      }
    }
  }

  private PredictionCounter counter(int version) {
    return new PredictionCounter(references.of(version), version, references::signature);
  }

  private void store(Transaction tx, long model, int version, long period, PeriodCounts counts)
      throws SQLException {
    read(tx, model, version, period, references.of(version)).ifPresent(counts::add);
    tx.update(
        "INSERT INTO feature_counts (model, version, length, period, counts)"
            + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (model, version, length, period)"
            + " DO UPDATE SET counts = excluded.counts",
        model,
        version,
        periods.lengthMicros(),
        period,
        counts.toBytes());
  }

  private Optional<PeriodCounts> read(
      Transaction tx, long model, int version, long period, Reference reference)
      throws SQLException {
    return tx.first(
            "SELECT counts FROM feature_counts WHERE model = ? AND version = ? AND length = ?"
                + " AND period = ?",
            row -> row.getBytes(1),
            model,
            version,
            periods.lengthMicros(),
            period)
        .flatMap(bytes -> PeriodCounts.read(bytes, reference.columns()));
  }

  /**
   * Puts the features of a version in place of those that were counted without vectors: none where
   * it answered nothing.
   */
  void replace(
      JdbcMonitoringSchema.Model model,
      Reference reference,
      int version,
      long period,
      PeriodCounts counts) {
    PeriodCounts stored =
        model
            .read((tx, number) -> read(tx, number, version, period, reference))
            .orElseGet(() -> new PeriodCounts(reference.columns()));
    System.arraycopy(stored.columns, 0, counts.columns, 0, reference.signature().inputs().size());
  }
}
