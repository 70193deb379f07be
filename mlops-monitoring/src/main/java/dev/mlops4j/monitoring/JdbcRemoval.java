package dev.mlops4j.monitoring;

import dev.mlops4j.monitoring.JdbcMonitoringSchema.Model;
import dev.mlops4j.storage.Transaction;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Removes predictions and what is known of them from a SQL database. */
final class JdbcRemoval {

  /** How many rows one transaction removes, so that what is to be written need not wait long. */
  private static final int MOST = 5_000;

  private static final String NO_PREDICTION =
      "NOT EXISTS (SELECT 1 FROM prediction p WHERE p.model = o.model AND p.id = o.id)";

  private static final List<String> TABLES =
      List.of("logged_request", "failed_request", "outcome", "prediction");

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

  long startingWith(String prefix) {
    long removed = 0;
    Set<String> ids;
    do {
      // Looked for without holding up those that write: it goes over all ids.
      ids = model.read((tx, number) -> idsStartingWith(tx, number, prefix));
      removed += erase(ids);
    } while (!ids.isEmpty());
    return removed;
  }

  /** Some of those there are, in whichever table. */
  private static Set<String> idsStartingWith(Transaction tx, long number, String prefix)
      throws SQLException {
    // SQLite's function ends at U+0000.
    int nul = prefix.indexOf('\0');
    String head = nul < 0 ? prefix : prefix.substring(0, nul);
    Set<String> ids = new HashSet<>();
    for (String table : TABLES) {
      tx.scan(
          "SELECT id FROM " + table + " WHERE model = ? AND substr(id, 1, CAST(? AS INTEGER)) = ?",
          row -> {
            String id = row.getString(1);
            if (id.startsWith(prefix)) {
              ids.add(id);
            }
            return ids.size() < MOST;
          },
          number,
          head.codePointCount(0, head.length()),
          head);
      if (ids.size() == MOST) {
        break;
      }
    }
    return ids;
  }

  /** Before which moment predictions were removed; the least number if none were. */
  static long removedBefore(Transaction tx, long model) throws SQLException {
    return tx.first(
            "SELECT COALESCE(removed_before, ?) FROM monitored_model WHERE id = ?",
            row -> row.getLong(1),
            Long.MIN_VALUE,
            model)
        .orElse(Long.MIN_VALUE);
  }

  long before(long micros) {
    // First, so that what is removed does not come again in between.
    model.write(
        (tx, number) ->
            tx.update(
                "UPDATE monitored_model SET removed_before = ? WHERE id = ?"
                    + " AND (removed_before IS NULL OR removed_before < ?)",
                micros,
                number,
                micros));
    long removed = 0;
    int last;
    do {
      last = model.write((tx, number) -> predictionsBefore(tx, number, micros));
      removed += last;
    } while (last == MOST);
    do {
      // Looked for without holding up those that write: it goes over all outcomes.
      List<String> ids = model.read((tx, number) -> orphansBefore(tx, number, micros));
      model.write((tx, number) -> eraseOrphans(tx, number, ids));
      last = ids.size();
    } while (last == MOST);
    do {
      last = model.write((tx, number) -> failuresBefore(tx, number, micros));
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
  private static List<String> orphansBefore(Transaction tx, long number, long micros)
      throws SQLException {
    return tx.query(
        "SELECT DISTINCT o.id FROM outcome o WHERE o.model = ? AND o.known_at < ? AND "
            + NO_PREDICTION
            + " LIMIT "
            + MOST,
        row -> row.getString(1),
        number,
        micros);
  }

  /** Of those whose prediction has not come in the meantime. */
  private static int eraseOrphans(Transaction tx, long number, List<String> ids)
      throws SQLException {
    return ids.isEmpty()
        ? 0
        : tx.batch(
            "DELETE FROM outcome AS o WHERE o.model = ? AND o.id = ? AND " + NO_PREDICTION,
            ids.stream().map(id -> new Object[] {number, id}).toList());
  }

  private static int failuresBefore(Transaction tx, long number, long micros) throws SQLException {
    return tx.update(
        "DELETE FROM failed_request WHERE model = ? AND id IN (SELECT id FROM failed_request"
            + " WHERE model = ? AND failed_at < ? ORDER BY failed_at LIMIT "
            + MOST
            + ")",
        number,
        number,
        micros);
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
