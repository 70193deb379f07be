package dev.mlops4j.monitoring;

import dev.mlops4j.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The ends of the last windows with predictions that were evaluated, by monitor: by them it is
 * decided which alerts go on. Read once each; of one transaction.
 */
final class JdbcLastJudged {

  private final Transaction tx;
  private final long model;
  private final Map<Of, Optional<Instant>> ends = new HashMap<>();

  JdbcLastJudged(Transaction tx, long model) {
    this.tx = tx;
    this.model = model;
  }

  /** Whether an alert of this monitor goes on. */
  boolean goesOn(Alert alert, EvaluationKey key) throws SQLException {
    Of of = new Of(key, alert.kind().needsOutcomes());
    Optional<Instant> end = ends.get(of);
    if (end == null) {
      end = read(of);
      ends.put(of, end);
    }
    return alert.goesOn(end.orElse(null));
  }

  private Optional<Instant> read(Of of) throws SQLException {
    Periods periods = new Periods(of.key().length());
    // Before versions were stored nobody said whether a window had predictions.
    return tx.first(
            "SELECT MAX(period) FROM window_evaluation WHERE model = ? AND reference = ?"
                + " AND length = ? AND outcomes_in >= ? AND (version IS NULL OR version <> 0)",
            row -> {
              long period = row.getLong(1);
              return row.wasNull()
                  ? Optional.<Instant>empty()
                  : Optional.of(periods.start(period + 1));
            },
            model,
            of.key().reference(),
            of.key().length(),
            of.outcomesIn())
        .flatMap(end -> end);
  }

  private record Of(EvaluationKey key, boolean outcomesIn) {}
}
