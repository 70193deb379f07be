package dev.mlops4j.monitoring;

import dev.mlops4j.storage.Transaction;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Marks windows that change after they were due, so that they are evaluated again. What comes to a
 * window before that is seen by its evaluation and needs no mark.
 */
final class JdbcChangeMarks {

  /** What is written now may be committed after an evaluation that begins by then. */
  private static final Duration MARGIN = Duration.ofMinutes(1);

  private static final String MARK =
      "INSERT INTO changed_window (model, length, period, changes) VALUES (?, ?, ?, ?)"
          + " ON CONFLICT (model, length, period) DO UPDATE SET"
          + " changes = changed_window.changes + excluded.changes";

  private final Periods periods;
  private final Duration grace;
  private final InstantSource clock;
  private final String markOfOutcome;

  JdbcChangeMarks(Periods periods, Duration grace, InstantSource clock) {
    this.periods = periods;
    this.grace = grace;
    this.clock = clock;
    this.markOfOutcome =
        "INSERT INTO changed_window (model, length, period, changes) SELECT p.model, "
            + periods.lengthMicros()
            + ", "
            + periods.numberInSql("p.asked_at")
            + ", 1 FROM prediction p WHERE p.model = ? AND p.id = ? AND p.asked_at < ?"
            + " ON CONFLICT (model, length, period) DO UPDATE SET"
            + " changes = changed_window.changes + 1";
  }

  /** Marks the windows of these; in the transaction that wrote them. */
  void mark(Transaction tx, long model, List<LedgerEntry> entries) throws SQLException {
    long due = periods.startMicros(periods.numberOf(clock.instant().plus(MARGIN).minus(grace)));
    SortedMap<Long, Long> late = new TreeMap<>();
    List<Object[]> outcomes = new ArrayList<>();
    for (LedgerEntry entry : entries) {
      if (entry instanceof LedgerEntry.Asked asked && asked.askedAtMicros() < due) {
        late.merge(periods.numberOf(asked.askedAtMicros()), 1L, Long::sum);
      } else if (entry instanceof LedgerEntry.Known known) {
        outcomes.add(new Object[] {model, known.predictionId(), due});
      }
    }
    for (Map.Entry<Long, Long> period : late.entrySet()) {
      tx.update(MARK, model, periods.lengthMicros(), period.getKey(), period.getValue());
    }
    tx.batch(markOfOutcome, outcomes);
  }
}
