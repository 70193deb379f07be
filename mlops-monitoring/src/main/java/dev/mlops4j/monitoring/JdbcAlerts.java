package dev.mlops4j.monitoring;

import dev.mlops4j.data.Timestamps;
import dev.mlops4j.monitoring.JdbcMonitoringSchema.Model;
import dev.mlops4j.storage.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The alerts of a model in a SQL database. */
final class JdbcAlerts {

  static final String COLUMNS =
      "id, version, versions, kind, column_name, start_at, end_at, first_end, repeats, raised_at,"
          + " aspect, category, effect, p, q, reference_rows, window_rows, words, severity, rule,"
          + " resolved_at";
  static final int AFTER_COLUMNS = 22;

  /** Those of before lengths were stored may be of any monitor. */
  static final String OF_MONITOR =
      " AND COALESCE(reference, '') = ? AND (length IS NULL OR length = ?)";

  private final Model model;

  JdbcAlerts(Model model) {
    this.model = model;
  }

  /** All of the model, whatever monitor raised them, in the order in which they were raised. */
  List<Alert> all() {
    return all("");
  }

  /** Those of monitors with this reference. */
  List<Alert> ofReference(EvaluationKey key) {
    return all(" AND COALESCE(reference, '') = ?", key.reference());
  }

  /** Those of monitors with this reference and windows of this length. */
  List<Alert> of(EvaluationKey key) {
    return all(OF_MONITOR, key.reference(), key.length());
  }

  private List<Alert> all(String which, Object... values) {
    List<Object> all = new ArrayList<>(Arrays.asList(values));
    return model.read(
        (tx, number) -> {
          all.add(0, number);
          return tx.query(
              "SELECT " + COLUMNS + " FROM alert WHERE model = ?" + which + " ORDER BY seq",
              row -> alert(row, model.name()),
              all.toArray());
        });
  }

  /**
   * Those that go on, whatever monitor raised them, in the order in which they were raised. Of one
   * that was stored before lengths were its own length is taken for the monitor's.
   */
  List<Alert> open() {
    return model.read(
        (tx, number) -> {
          JdbcLastJudged judged = new JdbcLastJudged(tx, number);
          List<Alert> open = new ArrayList<>();
          for (Raised raised :
              tx.query(
                  "SELECT "
                      + COLUMNS
                      + ", COALESCE(reference, ''), length FROM alert WHERE model = ?"
                      + " AND resolved_at IS NULL ORDER BY seq",
                  row -> raised(row, model.name()),
                  number)) {
            if (judged.goesOn(raised.alert(), raised.by())) {
              open.add(raised.alert());
            }
          }
          return open;
        });
  }

  private static Raised raised(ResultSet row, String model) throws SQLException {
    Alert alert = alert(row, model);
    long length = row.getLong(AFTER_COLUMNS + 1);
    long by = row.wasNull() ? Periods.of(alert.length()).lengthMicros() : length;
    return new Raised(alert, new EvaluationKey(row.getString(AFTER_COLUMNS), by));
  }

  /** An alert and the monitor that raised it. */
  private record Raised(Alert alert, EvaluationKey by) {}

  /** Raises an alert of drift, or goes on with the last one of its column and version. */
  static void raise(Transaction tx, long number, String model, EvaluationKey key, Alert found)
      throws SQLException {
    Optional<Alert> open =
        tx.first(
            "SELECT "
                + COLUMNS
                + " FROM alert WHERE model = ? AND version = ? AND kind = ? AND column_name = ?"
                + " AND rule IS NULL"
                + OF_MONITOR
                + " ORDER BY end_at DESC LIMIT 1",
            row -> alert(row, model),
            number,
            found.version(),
            found.kind().name(),
            found.column(),
            key.reference(),
            key.length());
    if (open.isEmpty() || found.start().isAfter(open.get().end())) {
      insert(tx, number, key, found, null);
    } else if (found.end().isAfter(open.get().end())) {
      goOn(tx, number, open.get().id(), found, null);
    }
  }

  /**
   * Stores a new alert.
   *
   * @param notBefore when it may be told; null for at once
   */
  static void insert(
      Transaction tx, long number, EvaluationKey key, Alert alert, @Nullable Instant notBefore)
      throws SQLException {
    Verdict verdict = alert.verdict();
    boolean byRule = !alert.rule().equals(Alert.NO_RULE);
    tx.update(
        "INSERT INTO alert (model, delivered, not_before, id, version, versions, kind, column_name,"
            + " start_at, end_at, first_end, repeats, raised_at, aspect, category, effect, p, q,"
            + " reference_rows, window_rows, words, severity, rule, reference, length)"
            + " VALUES (?, -1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (model, id) DO NOTHING",
        number,
        micros(notBefore),
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
        tx.legible(verdict.category()),
        Double.doubleToLongBits(verdict.effect()),
        Double.doubleToLongBits(verdict.p()),
        Double.doubleToLongBits(verdict.q()),
        verdict.referenceRows(),
        verdict.windowRows(),
        tx.legible(verdict.words()),
        alert.severity().name(),
        byRule ? alert.rule() : null,
        key.reference(),
        key.length());
  }

  /**
   * Stores that an alert goes on, with what was found last; a window that it knows changes nothing.
   *
   * @param notBefore when that may be told; what is still to be told may be when it could before
   * @return whether all of it was told before
   */
  static boolean goOn(
      Transaction tx, long number, String id, Alert found, @Nullable Instant notBefore)
      throws SQLException {
    Verdict verdict = found.verdict();
    boolean told =
        tx.first(
                "SELECT 1 FROM alert WHERE model = ? AND id = ? AND delivered >= repeats",
                row -> true,
                number,
                id)
            .isPresent();
    tx.update(
        "UPDATE alert SET repeats = repeats + 1, versions = ?, start_at = ?, end_at = ?,"
            + " aspect = ?, category = ?, effect = ?, p = ?, q = ?, reference_rows = ?,"
            + " window_rows = ?, words = ?, severity = ?,"
            + " not_before = CASE WHEN ? = 1 THEN ? ELSE not_before END"
            + " WHERE model = ? AND id = ? AND end_at < ?",
        text(found.versions()),
        Timestamps.toMicros(found.start()),
        Timestamps.toMicros(found.end()),
        verdict.aspect() == null ? null : verdict.aspect().name(),
        tx.legible(verdict.category()),
        Double.doubleToLongBits(verdict.effect()),
        Double.doubleToLongBits(verdict.p()),
        Double.doubleToLongBits(verdict.q()),
        verdict.referenceRows(),
        verdict.windowRows(),
        tx.legible(verdict.words()),
        found.severity().name(),
        told,
        micros(notBefore),
        number,
        id,
        Timestamps.toMicros(found.end()));
    return told;
  }

  /** Stores that an alert is over; one that still waits to be told is never heard of. */
  static void resolve(Transaction tx, long number, String id, Instant now) throws SQLException {
    long at = Timestamps.toMicros(now);
    tx.update(
        "UPDATE alert SET resolved_at = ?,"
            + " resolution_told = CASE WHEN not_before > ? AND delivered < 0 THEN 1 END,"
            + " delivered = CASE WHEN not_before > ? THEN repeats ELSE delivered END,"
            + " not_before = NULL WHERE model = ? AND id = ?",
        at,
        at,
        at,
        number,
        id);
  }

  /** Stores that an alert is over although nothing says that it was made good. */
  static void withdraw(Transaction tx, long number, String id, Instant now, String why)
      throws SQLException {
    resolve(tx, number, id, now);
    tx.update(
        "UPDATE alert SET words = words || ? WHERE model = ? AND id = ?",
        " (" + why + ")",
        number,
        id);
  }

  static Alert alert(ResultSet row, String model) throws SQLException {
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
    String severity = row.getString(19);
    String rule = row.getString(20);
    long resolved = row.getLong(21);
    Instant resolvedAt = row.wasNull() ? null : Timestamps.fromMicros(resolved);
    return new Alert(
        row.getString(1),
        model,
        row.getInt(2),
        versions(row.getString(3)),
        kind,
        column,
        Timestamps.fromMicros(row.getLong(6)),
        Timestamps.fromMicros(row.getLong(7)),
        Timestamps.fromMicros(row.getLong(8)),
        row.getInt(9),
        verdict,
        Timestamps.fromMicros(row.getLong(10)),
        severity == null ? Severity.WARNING : Severity.valueOf(severity),
        rule == null ? Alert.NO_RULE : rule,
        resolvedAt);
  }

  private static @Nullable Long micros(@Nullable Instant at) {
    return at == null ? null : Timestamps.toMicros(at);
  }

  private static String text(List<Integer> versions) {
    return versions.stream().map(String::valueOf).collect(Collectors.joining(" "));
  }

  private static List<Integer> versions(String text) {
    return text.isEmpty()
        ? List.of()
        : Arrays.stream(text.split(" ", -1)).map(Integer::valueOf).toList();
  }
}
