package dev.mlops4j.monitoring;

import dev.mlops4j.data.Timestamps;
import dev.mlops4j.monitoring.JdbcMonitoringSchema.Model;
import dev.mlops4j.storage.Transaction;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What was told of the alerts of a model, in a SQL database: of each alert what all sinks heard,
 * and while some have not, what each of the others did.
 */
final class JdbcDeliveries {

  /** Not told, not being told by another process, and not to wait. */
  private static final String PENDING =
      " FROM alert WHERE model = ? AND (delivered < repeats OR (resolved_at IS NOT NULL"
          + " AND resolution_told IS NULL)) AND (delivery_until IS NULL OR delivery_until <= ?)"
          + " AND (not_before IS NULL OR not_before <= ?)"
          + JdbcAlerts.OF_MONITOR;

  private final Model model;

  JdbcDeliveries(Model model) {
    this.model = model;
  }

  /**
   * Takes what is to be told now, so that no other process tells it before a moment.
   *
   * @param key of which monitors
   * @param now by the clock of alerts
   * @param leaseNow the moment by the clock of leases
   * @param until when another process may tell it, by the clock of leases
   */
  List<Pending> take(EvaluationKey key, Instant now, Instant leaseNow, Instant until) {
    boolean nothing =
        model.read(
            (tx, number) ->
                tx.first(
                        "SELECT 1" + PENDING + " LIMIT 1",
                        row -> true,
                        number,
                        Timestamps.toMicros(leaseNow),
                        Timestamps.toMicros(now),
                        key.reference(),
                        key.length())
                    .isEmpty());
    return nothing
        ? List.of()
        : model.write((tx, number) -> take(tx, number, key, now, leaseNow, until));
  }

  private List<Pending> take(
      Transaction tx, long number, EvaluationKey key, Instant now, Instant leaseNow, Instant until)
      throws SQLException {
    Set<String> silenced =
        Set.copyOf(
            tx.query(
                "SELECT rule FROM alert_silence WHERE model = ? AND until_at > ?",
                row -> row.getString(1),
                number,
                Timestamps.toMicros(now)));
    Map<String, Map<String, Heard>> heard = heard(tx, number);
    List<Pending> taken = new ArrayList<>();
    for (Pending pending :
        tx.query(
            "SELECT " + JdbcAlerts.COLUMNS + ", delivered" + PENDING + " ORDER BY seq",
            row -> Pending.of(JdbcAlerts.alert(row, model.name()), delivered(row), heard),
            number,
            Timestamps.toMicros(leaseNow),
            Timestamps.toMicros(now),
            key.reference(),
            key.length())) {
      if (!silenced.contains(pending.alert().rule())) {
        tx.update(
            "UPDATE alert SET delivery_until = ? WHERE model = ? AND id = ?",
            Timestamps.toMicros(until),
            number,
            pending.alert().id());
        taken.add(pending);
      } else if (pending.isNew() && pending.isOver()) {
        // What came and went in the silence is never heard of; the end of what was heard is, later.
        tell(tx, number, pending);
      }
    }
    return taken;
  }

  private static long delivered(ResultSet row) throws SQLException {
    return row.getLong(JdbcAlerts.AFTER_COLUMNS);
  }

  /** By alert and sink. */
  private static Map<String, Map<String, Heard>> heard(Transaction tx, long number)
      throws SQLException {
    Map<String, Map<String, Heard>> heard = new HashMap<>();
    tx.query(
            "SELECT alert, sink, repeats, resolved FROM alert_delivery WHERE model = ?",
            row ->
                new HeardRow(
                    row.getString(1),
                    row.getString(2),
                    new Heard(row.getLong(3), row.getLong(4) != 0)),
            number)
        .forEach(
            row ->
                heard
                    .computeIfAbsent(row.alert(), alert -> new HashMap<>())
                    .put(row.sink(), row.heard()));
    return heard;
  }

  /** Those that go on of which something was told, to whomever, in the order of raising. */
  List<Pending> open(EvaluationKey key) {
    return model.read(
        (tx, number) -> {
          JdbcLastJudged judged = new JdbcLastJudged(tx, number);
          Map<String, Map<String, Heard>> heard = heard(tx, number);
          List<Pending> open = new ArrayList<>();
          for (Pending pending :
              tx.query(
                  "SELECT "
                      + JdbcAlerts.COLUMNS
                      + ", delivered FROM alert WHERE model = ? AND resolved_at IS NULL"
                      + JdbcAlerts.OF_MONITOR
                      + " ORDER BY seq",
                  row -> Pending.of(JdbcAlerts.alert(row, model.name()), delivered(row), heard),
                  number,
                  key.reference(),
                  key.length())) {
            if (!pending.isNew() && judged.goesOn(pending.alert(), key)) {
              open.add(pending);
            }
          }
          return open;
        });
  }

  /**
   * Keeps what was taken for longer.
   *
   * @return false if it took too long, so that another process may have taken some of it
   */
  boolean keep(List<Pending> pending, Instant until, Instant longer) {
    return model.write(
        (tx, number) -> {
          int kept = 0;
          for (Pending one : pending) {
            kept +=
                tx.update(
                    "UPDATE alert SET delivery_until = ? WHERE model = ? AND id = ?"
                        + " AND delivery_until = ?",
                    Timestamps.toMicros(longer),
                    number,
                    one.alert().id(),
                    Timestamps.toMicros(until));
          }
          return kept == pending.size();
        });
  }

  /**
   * Stores that all sinks were told these.
   *
   * @param now by the clock of alerts
   */
  void told(List<Pending> pending, Instant now) {
    model.write(
        (tx, number) -> {
          for (Pending one : pending) {
            tell(tx, number, one);
            JdbcRules.heard(tx, number, one.alert().id(), now);
          }
          return true;
        });
  }

  /**
   * Stores that some sinks were told these, and leaves them to the next evaluation, in whatever
   * process, for the others.
   *
   * @param sinks which were
   * @param until as they were taken
   */
  void toldSome(List<Pending> pending, Collection<String> sinks, Instant until) {
    model.write(
        (tx, number) -> {
          for (Pending one : pending) {
            for (String sink : sinks) {
              tx.update(
                  "INSERT INTO alert_delivery (model, alert, sink, repeats, resolved)"
                      + " VALUES (?, ?, ?, ?, ?) ON CONFLICT (model, alert, sink) DO UPDATE"
                      + " SET repeats = excluded.repeats, resolved = excluded.resolved",
                  number,
                  one.alert().id(),
                  sink,
                  one.alert().repeats(),
                  one.isOver());
            }
            tx.update(
                "UPDATE alert SET delivery_until = NULL WHERE model = ? AND id = ?"
                    + " AND delivery_until = ?",
                number,
                one.alert().id(),
                Timestamps.toMicros(until));
          }
          return true;
        });
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
    tx.update(
        "DELETE FROM alert_delivery WHERE model = ? AND alert = ?", number, told.alert().id());
  }

  private record HeardRow(String alert, String sink, Heard heard) {}

  /**
   * What a sink heard of an alert.
   *
   * @param repeats the last repeat; -1 if nothing
   * @param resolved whether also that it is over
   */
  record Heard(long repeats, boolean resolved) {}

  /**
   * An alert of which something is to be told.
   *
   * @param delivered the last repeat that all sinks heard; -1 if nothing
   * @param bySink what those heard that are ahead of the others
   */
  record Pending(Alert alert, long delivered, Map<String, Heard> bySink) {

    static Pending of(Alert alert, long delivered, Map<String, Map<String, Heard>> heard) {
      return new Pending(alert, delivered, heard.getOrDefault(alert.id(), Map.of()));
    }

    private Heard by(String sink) {
      Heard heard = bySink.getOrDefault(sink, new Heard(-1, false));
      return new Heard(Math.max(delivered, heard.repeats()), heard.resolved());
    }

    /** Whether nobody has heard of it. */
    boolean isNew() {
      return delivered < 0 && bySink.isEmpty();
    }

    boolean isOver() {
      return alert.resolvedAt().isPresent();
    }

    boolean isNewTo(String sink) {
      return by(sink).repeats() < 0;
    }

    /** Not of one that is over: that is all there is to say then. */
    boolean goesOnFor(String sink) {
      return !isNewTo(sink) && !isOver() && by(sink).repeats() < alert.repeats();
    }

    boolean isOverFor(String sink) {
      return isOver() && !by(sink).resolved();
    }
  }
}
