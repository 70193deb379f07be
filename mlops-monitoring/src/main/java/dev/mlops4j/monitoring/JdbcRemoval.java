package dev.mlops4j.monitoring;

import dev.mlops4j.monitoring.JdbcMonitoringSchema.Model;
import dev.mlops4j.storage.Transaction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Removes predictions and what is known of them from a SQL database. */
final class JdbcRemoval {

  /** How many rows one transaction removes, so that what is to be written need not wait long. */
  private static final int MOST = 5_000;

  private static final List<String> TABLES = List.of("logged_request", "outcome", "prediction");

  private final Model model;

  JdbcRemoval(Model model) {
    this.model = model;
  }

  long erase(Collection<String> ids) {
    return model.write(
        (tx, number) -> {
          List<Object[]> rows = new ArrayList<>();
          ids.forEach(id -> rows.add(new Object[] {number, id}));
          return (long) erase(tx, rows);
        });
  }

  long before(long micros) {
    long removed = 0;
    int last;
    do {
      last = model.write((tx, number) -> predictionsBefore(tx, number, micros));
      removed += last;
    } while (last == MOST);
    do {
      last = model.write((tx, number) -> orphansBefore(tx, number, micros));
    } while (last == MOST);
    model.write(
        (tx, number) ->
            tx.update(
                "DELETE FROM failure WHERE model = ? AND second < ?",
                number,
                Math.floorDiv(micros, 1_000_000L)));
    return removed;
  }

  private static int predictionsBefore(Transaction tx, long number, long micros)
      throws SQLException {
    return erase(
        tx,
        tx.query(
            "SELECT id FROM prediction WHERE model = ? AND asked_at < ? ORDER BY asked_at LIMIT "
                + MOST,
            row -> new Object[] {number, row.getString(1)},
            number,
            micros));
  }

  /** Outcomes that never got a prediction, or whose prediction was removed before they came. */
  private static int orphansBefore(Transaction tx, long number, long micros) throws SQLException {
    List<Object[]> rows =
        tx.query(
            "SELECT DISTINCT o.id FROM outcome o WHERE o.model = ? AND o.known_at < ?"
                + " AND NOT EXISTS (SELECT 1 FROM prediction p WHERE p.model = o.model"
                + " AND p.id = o.id) LIMIT "
                + MOST,
            row -> new Object[] {number, row.getString(1)},
            number,
            micros);
    erase(tx, rows);
    return rows.size();
  }

  /** The last count is that of predictions. */
  private static int erase(Transaction tx, List<Object[]> rows) throws SQLException {
    int removed = 0;
    for (String table : TABLES) {
      removed = tx.batch("DELETE FROM " + table + " WHERE model = ? AND id = ?", rows);
    }
    return removed;
  }
}
