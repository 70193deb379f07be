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
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The alerts of a model and their delivery in a SQL database. */
final class JdbcAlerts {

  private static final String COLUMNS =
      "id, version, versions, kind, column_name, start_at, end_at, first_end, repeats, raised_at,"
          + " aspect, category, effect, p, q, reference_rows, window_rows, words, severity, rule,"
          + " resolved_at";
  private static final int AFTER_COLUMNS = 22;

  /** Not told, not being told by another process, and not to wait. */
  private static final String PENDING =
      " FROM alert WHERE model = ? AND (delivered < repeats OR (resolved_at IS NOT NULL"
          + " AND resolution_told IS NULL)) AND (delivery_until IS NULL OR delivery_until <= ?)"
          + " AND (not_before IS NULL OR not_before <= ?) AND COALESCE(reference, '') = ?";

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
    return all(
        " AND COALESCE(reference, '') = ? AND (length IS NULL OR length = ?)",
        key.reference(),
        key.length());
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
   * Takes what is to be told now, so that no other process tells it before a moment.
   *
   * @param reference of which monitors, see {@link EvaluationKey}
   * @param now by the clock of alerts
   * @param leaseNow the moment by the clock of leases
   * @param until when another process may tell it, by the clock of leases
   */
  List<Pending> take(String reference, Instant now, Instant leaseNow, Instant until) {
    boolean nothing =
        model.read(
            (tx, number) ->
                tx.first(
                        "SELECT 1" + PENDING + " LIMIT 1",
                        row -> true,
                        number,
                        Timestamps.toMicros(leaseNow),
                        Timestamps.toMicros(now),
                        reference)
                    .isEmpty());
    return nothing
        ? List.of()
        : model.write((tx, number) -> take(tx, number, reference, now, leaseNow, until));
  }

  private List<Pending> take(
      Transaction tx, long number, String reference, Instant now, Instant leaseNow, Instant until)
      throws SQLException {
    Set<String> silenced =
        Set.copyOf(
            tx.query(
                "SELECT rule FROM alert_silence WHERE model = ? AND until_at > ?",
                row -> row.getString(1),
                number,
                Timestamps.toMicros(now)));
    List<Pending> taken = new ArrayList<>();
    for (Pending pending :
        tx.query(
            "SELECT " + COLUMNS + ", delivered" + PENDING + " ORDER BY seq",
            row -> new Pending(alert(row, model.name()), row.getLong(AFTER_COLUMNS)),
            number,
            Timestamps.toMicros(leaseNow),
            Timestamps.toMicros(now),
            reference)) {
      if (!silenced.contains(pending.alert().rule())) {
        tx.update(
            "UPDATE alert SET delivery_until = ? WHERE model = ? AND id = ?",
            Timestamps.toMicros(until),
            number,
            pending.alert().id());
        taken.add(pending);
      } else if (pending.isOver()) {
        // What was over before the silence was is never heard of.
        tell(tx, number, pending);
      }
    }
    return taken;
  }

  /** Stores that these were told. */
  void told(List<Pending> pending) {
    model.write(
        (tx, number) -> {
          for (Pending one : pending) {
            tell(tx, number, one);
          }
          return true;
        });
  }

  /** Leaves these to the next evaluation, in whatever process. */
  void giveBack(List<Pending> pending) {
    model.write(
        (tx, number) ->
            tx.batch(
                "UPDATE alert SET delivery_until = NULL WHERE model = ? AND id = ?",
                pending.stream().map(one -> new Object[] {number, one.alert().id()}).toList()));
  }

  private static void tell(Transaction tx, long number, Pending told) throws SQLException {
    tx.update(
        "UPDATE alert SET delivery_until = NULL, delivered = CASE WHEN delivered < ? THEN ?"
            + " ELSE delivered END, resolution_told = CASE WHEN ? = 1 THEN 1"
            + " ELSE resolution_told END WHERE model = ? AND id = ?",
        told.alert().repeats(),
        told.alert().repeats(),
        told.isOver(),
        number,
        told.alert().id());
  }

  /** Raises an alert of drift, or goes on with the last one of its column and version. */
  static void raise(Transaction tx, long number, String model, EvaluationKey key, Alert found)
      throws SQLException {
    Optional<Alert> open =
        tx.first(
            "SELECT "
                + COLUMNS
                + " FROM alert WHERE model = ? AND version = ? AND kind = ? AND column_name = ?"
                + " AND rule IS NULL AND COALESCE(reference, '') = ? ORDER BY end_at DESC LIMIT 1",
            row -> alert(row, model),
            number,
            found.version(),
            found.kind().name(),
            found.column(),
            key.reference());
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
        verdict.category(),
        Double.doubleToLongBits(verdict.effect()),
        Double.doubleToLongBits(verdict.p()),
        Double.doubleToLongBits(verdict.q()),
        verdict.referenceRows(),
        verdict.windowRows(),
        verdict.words(),
        alert.severity().name(),
        byRule ? alert.rule() : null,
        key.reference(),
        key.length());
  }

  /** Stores that an alert goes on, with what was found last. */
  static void goOn(Transaction tx, long number, String id, Alert found, @Nullable Instant notBefore)
      throws SQLException {
    Verdict verdict = found.verdict();
    tx.update(
        "UPDATE alert SET repeats = repeats + 1, versions = ?, start_at = ?, end_at = ?,"
            + " aspect = ?, category = ?, effect = ?, p = ?, q = ?, reference_rows = ?,"
            + " window_rows = ?, words = ?, severity = ?, not_before = ?"
            + " WHERE model = ? AND id = ?",
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
        found.severity().name(),
        micros(notBefore),
        number,
        id);
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

  private static Alert alert(ResultSet row, String model) throws SQLException {
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

  /**
   * An alert of which something is to be told.
   *
   * @param delivered the repeats that were told last; -1 if nothing was
   */
  record Pending(Alert alert, long delivered) {

    boolean isNew() {
      return delivered < 0;
    }

    boolean goesOn() {
      return !isNew() && delivered < alert.repeats();
    }

    boolean isOver() {
      return alert.resolvedAt().isPresent();
    }
  }
}
