package dev.mlops4j.monitoring;

import dev.mlops4j.data.Timestamps;
import dev.mlops4j.monitoring.JdbcMonitoringSchema.Model;
import dev.mlops4j.monitoring.RetrainingRecord.State;
import dev.mlops4j.storage.Transaction;
import dev.mlops4j.workspace.ProcessIdentity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The retrainings of a model in a SQL database. */
final class JdbcRetrainings {

  private static final String COLUMNS =
      "id, alert_id, state, triggered_at, ended_at, result, owner, why, from_at";
  private static final String NO_ALERT = "";
  private static final String ALL =
      "SELECT " + COLUMNS + " FROM retraining WHERE model = ? ORDER BY seq";

  private final Model model;
  private final JdbcWindows windows;

  JdbcRetrainings(Model model) {
    this.model = model;
    this.windows = new JdbcWindows(model);
  }

  List<RetrainingRecord> all() {
    return model.read(JdbcRetrainings::records);
  }

  /** All alerts of the model, in the order in which they were raised. */
  List<Alert> alerts() {
    return windows.alerts();
  }

  /** When the policy was first asked: {@code now} if nothing is stored. */
  Instant since(Instant now) {
    return model.read(
        (tx, number) ->
            tx.first(
                    "SELECT since FROM retraining_policy WHERE model = ?",
                    row -> Timestamps.fromMicros(row.getLong(1)),
                    number)
                .orElse(now));
  }

  /** Stores that the policy was first asked now, unless it was before. */
  void ask(Instant now) {
    model.write(
        (tx, number) ->
            tx.update(
                "INSERT INTO retraining_policy (model, since) VALUES (?, ?)"
                    + " ON CONFLICT (model) DO NOTHING",
                number,
                Timestamps.toMicros(now)));
  }

  /** How many predictions had an outcome that became known after one instant and up to another. */
  long labelledRows(Instant after, Instant upTo) {
    return model.read(
        (tx, number) ->
            tx.first(
                    "SELECT count(DISTINCT id) FROM outcome"
                        + " WHERE model = ? AND known_at > ? AND known_at <= ?",
                    row -> row.getLong(1),
                    number,
                    Timestamps.toMicros(after),
                    Timestamps.toMicros(upTo))
                .orElse(0L));
  }

  /** Stores that one runs, unless the retrainings are others than were seen. */
  boolean begin(RetrainingTrigger trigger, List<RetrainingRecord> seen) {
    Alert cause = trigger.cause();
    return model.write(
        (tx, number) -> {
          if (!records(tx, number).equals(seen)) {
            return false;
          }
          tx.update(
              "INSERT INTO retraining (model, id, alert_id, state, owner, triggered_at, why,"
                  + " from_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
              number,
              trigger.id(),
              cause == null ? NO_ALERT : cause.id(),
              State.RUNNING.name(),
              text(ProcessIdentity.current()),
              Timestamps.toMicros(trigger.triggeredAt()),
              String.join("\n", trigger.why()),
              Timestamps.toMicros(trigger.from()));
          return true;
        });
  }

  /** Takes over what waits, or was run by a process that has died. */
  Optional<RetrainingTrigger> takeOver() {
    List<Alert> alerts = windows.alerts();
    return model.write(
        (tx, number) -> {
          for (Stored stored : tx.query(ALL, JdbcRetrainings::stored, number)) {
            Optional<Alert> alert =
                alerts.stream().filter(a -> a.id().equals(stored.record.alertId())).findFirst();
            // Of an alert that was not kept nothing can be run again.
            boolean known = alert.isPresent() || stored.record.alertId() == null;
            if (stored.abandoned() && known) {
              setState(tx, number, stored.record.id(), State.RUNNING);
              return Optional.of(stored.trigger(alert.orElse(null)));
            }
          }
          return Optional.empty();
        });
  }

  /** Stores that it waits again. */
  void release(String id) {
    model.write(
        (tx, number) -> {
          setState(tx, number, id, State.PENDING);
          return true;
        });
  }

  void end(String id, State state, Instant at, String result) {
    model.write(
        (tx, number) ->
            tx.update(
                "UPDATE retraining SET state = ?, ended_at = ?, result = ?"
                    + " WHERE model = ? AND id = ?",
                state.name(),
                Timestamps.toMicros(at),
                result,
                number,
                id));
  }

  private static void setState(Transaction tx, long number, String id, State state)
      throws SQLException {
    tx.update(
        "UPDATE retraining SET state = ?, owner = ? WHERE model = ? AND id = ?",
        state.name(),
        text(ProcessIdentity.current()),
        number,
        id);
  }

  private static List<RetrainingRecord> records(Transaction tx, long number) throws SQLException {
    return tx.query(ALL, JdbcRetrainings::stored, number).stream().map(Stored::record).toList();
  }

  private static Stored stored(ResultSet row) throws SQLException {
    long ended = row.getLong(5);
    Instant endedAt = row.wasNull() ? null : Timestamps.fromMicros(ended);
    return new Stored(
        new RetrainingRecord(
            row.getString(1),
            row.getString(2).equals(NO_ALERT) ? null : row.getString(2),
            lines(row.getString(8)),
            State.valueOf(row.getString(3)),
            Timestamps.fromMicros(row.getLong(4)),
            endedAt,
            row.getString(6)),
        identity(row.getString(7)),
        Timestamps.fromMicros(row.getLong(9)));
  }

  private static List<String> lines(@Nullable String text) {
    return text == null ? List.of() : text.lines().toList();
  }

  private static String text(ProcessIdentity identity) {
    return String.join(
        "\n", identity.host(), identity.space(), Long.toString(identity.pid()), identity.started());
  }

  private static ProcessIdentity identity(String text) {
    String[] parts = text.split("\n", -1);
    int last = parts.length - 1;
    String space = String.join("\n", List.of(parts).subList(1, last - 1));
    return new ProcessIdentity(parts[0], space, Long.parseLong(parts[last - 1]), parts[last]);
  }

  private record Stored(RetrainingRecord record, ProcessIdentity owner, Instant from) {

    RetrainingTrigger trigger(@Nullable Alert alert) {
      return new RetrainingTrigger(record.id(), record.why(), alert, record.triggeredAt(), from);
    }

    boolean abandoned() {
      return record.state() == State.PENDING || (record.state() == State.RUNNING && owner.isGone());
    }
  }
}
