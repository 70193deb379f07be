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
import java.util.function.Predicate;

/** The retrainings of a model in a SQL database. */
final class JdbcRetrainings {

  private static final String COLUMNS =
      "id, alert_id, state, triggered_at, ended_at, result, owner";
  private static final String ALL =
      "SELECT " + COLUMNS + " FROM retraining WHERE model = ? ORDER BY seq";

  private final Model model;
  private final JdbcWindows windows;

  JdbcRetrainings(Model model) {
    this.model = model;
    this.windows = new JdbcWindows(model);
  }

  List<RetrainingRecord> all() {
    return model.read((tx, number) -> tx.query(ALL, JdbcRetrainings::stored, number)).stream()
        .map(Stored::record)
        .toList();
  }

  /**
   * Stores that one runs, if none of this id was decided, none is unfinished, and every one that
   * did not fail allows it.
   */
  Optional<RetrainingTrigger> begin(
      String id, Alert alert, Instant now, Predicate<RetrainingRecord> allowedAfter) {
    boolean begun =
        model.write(
            (tx, number) -> {
              List<Stored> all = tx.query(ALL, JdbcRetrainings::stored, number);
              for (Stored stored : all) {
                boolean failed = stored.record.state() == State.FAILED;
                if (stored.record.id().equals(id)
                    || stored.unfinished()
                    || (!failed && !allowedAfter.test(stored.record))) {
                  return false;
                }
              }
              tx.update(
                  "INSERT INTO retraining (model, id, alert_id, state, owner, triggered_at)"
                      + " VALUES (?, ?, ?, ?, ?, ?)",
                  number,
                  id,
                  alert.id(),
                  State.RUNNING.name(),
                  text(ProcessIdentity.current()),
                  Timestamps.toMicros(now));
              return true;
            });
    return begun ? Optional.of(new RetrainingTrigger(id, alert, now)) : Optional.empty();
  }

  /** Takes over what waits, or was run by a process that has died. */
  Optional<RetrainingTrigger> takeOver() {
    List<Alert> alerts = windows.alerts();
    return model.write(
        (tx, number) -> {
          for (Stored stored : tx.query(ALL, JdbcRetrainings::stored, number)) {
            Optional<Alert> alert =
                alerts.stream().filter(a -> a.id().equals(stored.record.alertId())).findFirst();
            if (stored.abandoned() && alert.isPresent()) {
              setState(tx, number, stored.record.id(), State.RUNNING);
              return Optional.of(
                  new RetrainingTrigger(
                      stored.record.id(), alert.get(), stored.record.triggeredAt()));
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

  private static Stored stored(ResultSet row) throws SQLException {
    long ended = row.getLong(5);
    Instant endedAt = row.wasNull() ? null : Timestamps.fromMicros(ended);
    return new Stored(
        new RetrainingRecord(
            row.getString(1),
            row.getString(2),
            State.valueOf(row.getString(3)),
            Timestamps.fromMicros(row.getLong(4)),
            endedAt,
            row.getString(6)),
        identity(row.getString(7)));
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

  private record Stored(RetrainingRecord record, ProcessIdentity owner) {

    boolean unfinished() {
      return record.state() == State.PENDING || record.state() == State.RUNNING;
    }

    boolean abandoned() {
      return record.state() == State.PENDING || (record.state() == State.RUNNING && owner.isGone());
    }
  }
}
