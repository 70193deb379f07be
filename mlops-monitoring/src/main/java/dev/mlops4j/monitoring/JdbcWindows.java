package dev.mlops4j.monitoring;

import dev.mlops4j.data.Timestamps;
import dev.mlops4j.monitoring.JdbcMonitoringSchema.Model;
import dev.mlops4j.storage.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** What was evaluated, and the alerts of it, in a SQL database. */
final class JdbcWindows {

  private static final String ALERT_COLUMNS =
      "id, version, versions, kind, column_name, start_at, end_at, first_end, repeats, raised_at,"
          + " aspect, category, effect, p, q, reference_rows, window_rows, words";

  private final Model model;

  JdbcWindows(Model model) {
    this.model = model;
  }

  /** The last period that was evaluated, with outcomes or without. */
  OptionalLong lastEvaluated(long length, boolean outcomesIn) {
    return model.read(
        (tx, number) ->
            tx.first(
                    "SELECT MAX(period) FROM evaluated_window WHERE model = ? AND length = ?"
                        + " AND outcomes_in = ?",
                    row -> {
                      long period = row.getLong(1);
                      return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(period);
                    },
                    number,
                    length,
                    outcomesIn)
                .orElse(OptionalLong.empty()));
  }

  /** The stored counts of a period in the bins of a version, if they are as complete as asked. */
  Optional<byte[]> counts(int version, long length, long period, boolean outcomesIn) {
    return model.read(
        (tx, number) ->
            tx.first(
                "SELECT counts FROM period_counts WHERE model = ? AND version = ? AND length = ?"
                    + " AND period = ? AND outcomes_in >= ?",
                row -> row.getBytes(1),
                number,
                version,
                length,
                period,
                outcomesIn));
  }

  /**
   * Stores an evaluation in one transaction: all of it, or nothing if another process was first.
   *
   * @return whether it was stored
   */
  boolean record(Evaluated evaluated) {
    return model.write(
        (tx, number) -> {
          int marked =
              tx.update(
                  "INSERT INTO evaluated_window (model, length, period, outcomes_in, evaluated_at)"
                      + " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
                  number,
                  evaluated.length(),
                  evaluated.period(),
                  evaluated.outcomesIn(),
                  Timestamps.toMicros(evaluated.at()));
          if (marked == 0) {
            return false;
          }
          for (CountsToStore counts : evaluated.counts()) {
            tx.update(
                "INSERT INTO period_counts (model, version, length, period, outcomes_in, counts)"
                    + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (model, version, length, period)"
                    + " DO UPDATE SET outcomes_in = excluded.outcomes_in,"
                    + " counts = excluded.counts",
                number,
                counts.version(),
                evaluated.length(),
                counts.period(),
                evaluated.outcomesIn(),
                counts.bytes());
          }
          for (Alert alert : evaluated.alerts()) {
            raise(tx, number, alert);
          }
          return true;
        });
  }

  /** All alerts in the order in which they were raised. */
  List<Alert> alerts() {
    return model.read(
        (tx, number) ->
            tx.query(
                "SELECT " + ALERT_COLUMNS + " FROM alert WHERE model = ? ORDER BY seq",
                this::alert,
                number));
  }

  /** The alerts of which not everything was delivered, in the order in which they were raised. */
  List<Undelivered> undelivered() {
    return model.read(
        (tx, number) ->
            tx.query(
                "SELECT "
                    + ALERT_COLUMNS
                    + ", delivered FROM alert WHERE model = ? AND delivered < repeats ORDER BY seq",
                row -> new Undelivered(alert(row), row.getLong(19) < 0),
                number));
  }

  void markDelivered(Alert alert) {
    model.write(
        (tx, number) ->
            tx.update(
                "UPDATE alert SET delivered = ? WHERE model = ? AND id = ? AND delivered < ?",
                alert.repeats(),
                number,
                alert.id(),
                alert.repeats()));
  }

  private void raise(Transaction tx, long number, Alert found) throws SQLException {
    Optional<Alert> open =
        tx.first(
            "SELECT "
                + ALERT_COLUMNS
                + " FROM alert WHERE model = ? AND version = ? AND kind = ? AND column_name = ?"
                + " ORDER BY end_at DESC LIMIT 1",
            this::alert,
            number,
            found.version(),
            found.kind().name(),
            found.column());
    if (open.isEmpty() || found.start().isAfter(open.get().end())) {
      insert(tx, number, found);
    } else if (found.end().isAfter(open.get().end())) {
      update(tx, number, open.get(), found);
    }
  }

  private static void insert(Transaction tx, long number, Alert alert) throws SQLException {
    Verdict verdict = alert.verdict();
    tx.update(
        "INSERT INTO alert (model, delivered, "
            + ALERT_COLUMNS
            + ") VALUES (?, -1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (model, id) DO NOTHING",
        number,
        alert.id(),
        alert.version(),
        text(alert.versions()),
        alert.kind().name(),
        alert.column(),
        Timestamps.toMicros(alert.start()),
        Timestamps.toMicros(alert.end()),
        Timestamps.toMicros(alert.firstEnd()),
        alert.repeats(),
        Timestamps.toMicros(alert.raisedAt()),
        verdict.aspect() == null ? null : verdict.aspect().name(),
        verdict.category(),
        Double.doubleToLongBits(verdict.effect()),
        Double.doubleToLongBits(verdict.p()),
        Double.doubleToLongBits(verdict.q()),
        verdict.referenceRows(),
        verdict.windowRows(),
        verdict.words());
  }

  private static void update(Transaction tx, long number, Alert open, Alert found)
      throws SQLException {
    Verdict verdict = found.verdict();
    tx.update(
        "UPDATE alert SET repeats = repeats + 1, versions = ?, start_at = ?, end_at = ?,"
            + " aspect = ?, category = ?, effect = ?, p = ?, q = ?, reference_rows = ?,"
            + " window_rows = ?, words = ? WHERE model = ? AND id = ?",
        text(found.versions()),
        Timestamps.toMicros(found.start()),
        Timestamps.toMicros(found.end()),
        verdict.aspect() == null ? null : verdict.aspect().name(),
        verdict.category(),
        Double.doubleToLongBits(verdict.effect()),
        Double.doubleToLongBits(verdict.p()),
        Double.doubleToLongBits(verdict.q()),
        verdict.referenceRows(),
        verdict.windowRows(),
        verdict.words(),
        number,
        open.id());
  }

  private Alert alert(ResultSet row) throws SQLException {
    AlertKind kind = AlertKind.valueOf(row.getString(4));
    String column = row.getString(5);
    String aspect = row.getString(11);
    Verdict verdict =
        new Verdict(
            column,
            kind,
            Verdict.Status.ALERT,
            aspect == null ? null : Aspect.valueOf(aspect),
            row.getString(12),
            Double.longBitsToDouble(row.getLong(13)),
            Double.longBitsToDouble(row.getLong(14)),
            Double.longBitsToDouble(row.getLong(15)),
            row.getLong(16),
            row.getLong(17),
            row.getString(18));
    return new Alert(
        row.getString(1),
        model.name(),
        row.getInt(2),
        versions(row.getString(3)),
        kind,
        column,
        Timestamps.fromMicros(row.getLong(6)),
        Timestamps.fromMicros(row.getLong(7)),
        Timestamps.fromMicros(row.getLong(8)),
        row.getInt(9),
        verdict,
        Timestamps.fromMicros(row.getLong(10)));
  }

  private static String text(List<Integer> versions) {
    return versions.stream().map(String::valueOf).collect(Collectors.joining(" "));
  }

  private static List<Integer> versions(String text) {
    return text.isEmpty()
        ? List.of()
        : Arrays.stream(text.split(" ", -1)).map(Integer::valueOf).toList();
  }

  /** What one evaluation of a period found. */
  record Evaluated(
      long length,
      long period,
      boolean outcomesIn,
      Instant at,
      List<CountsToStore> counts,
      List<Alert> alerts) {}

  /** The counts of a period in the bins of a version. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record CountsToStore(int version, long period, byte[] bytes) {}

  /** An alert, and whether no delivery of it succeeded yet. */
  record Undelivered(Alert alert, boolean first) {}
}
