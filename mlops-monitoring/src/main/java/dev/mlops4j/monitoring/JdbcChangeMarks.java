package dev.mlops4j.monitoring;

import dev.mlops4j.storage.Transaction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Marks windows that change after an evaluation with outcomes has begun to read them, so that they
 * are evaluated again. What comes to a window before that is seen by the evaluation and needs no
 * mark. For one transaction, in which nobody else writes.
 *
 * <p>How far evaluations have come is stored, {@link JdbcWindows#announce}, for each length of
 * windows: neither the grace of the monitor that records matters, nor how long its windows are.
 */
final class JdbcChangeMarks {

  private static final String MARK =
      "INSERT INTO changed_window (model, length, period, changes) VALUES (?, ?, ?, ?)"
          + " ON CONFLICT (model, length, period) DO UPDATE SET"
          + " changes = changed_window.changes + excluded.changes";

  private final Transaction tx;
  private final long model;
  private final List<Begun> begun;

  private JdbcChangeMarks(Transaction tx, long model, List<Begun> begun) {
    this.tx = tx;
    this.model = model;
    this.begun = begun;
  }

  static JdbcChangeMarks of(Transaction tx, long model) throws SQLException {
    return new JdbcChangeMarks(
        tx,
        model,
        tx.query(
            "SELECT length, period FROM outcomes_due WHERE model = ?",
            row -> new Begun(new Periods(row.getLong(1)), row.getLong(2), new TreeMap<>()),
            model));
  }

  /** Whether no window was evaluated with outcomes yet, so that nothing needs a mark. */
  boolean isIdle() {
    return begun.isEmpty();
  }

  /** Whether a change to what was asked then needs a mark. */
  boolean isLate(long askedAtMicros) {
    return begun.stream().anyMatch(of -> of.isLate(askedAtMicros));
  }

  /** One change to what was asked then. */
  void changed(long askedAtMicros) {
    for (Begun of : begun) {
      if (of.isLate(askedAtMicros)) {
        of.changes.merge(of.periods.numberOf(askedAtMicros), 1L, Long::sum);
      }
    }
  }

  /** Stores the marks. */
  void store() throws SQLException {
    List<Object[]> rows = new ArrayList<>();
    for (Begun of : begun) {
      for (Map.Entry<Long, Long> change : of.changes.entrySet()) {
        rows.add(
            new Object[] {model, of.periods.lengthMicros(), change.getKey(), change.getValue()});
      }
    }
    tx.batch(MARK, rows);
  }

  /**
   * How far evaluations of windows of a length have come.
   *
   * @param last the last period whose evaluation with outcomes may have begun
   * @param changes those of this transaction, by period
   */
  private record Begun(Periods periods, long last, SortedMap<Long, Long> changes) {

    boolean isLate(long askedAtMicros) {
      return periods.numberOf(askedAtMicros) <= last;
    }
  }
}
