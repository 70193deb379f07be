package dev.mlops4j.monitoring;

import dev.mlops4j.data.Timestamps;
import dev.mlops4j.monitoring.JdbcMonitoringSchema.Model;
import dev.mlops4j.monitoring.RetrainingRecord.State;
import dev.mlops4j.storage.Dialect;
import dev.mlops4j.storage.Transaction;
import dev.mlops4j.workspace.ProcessIdentity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The retrainings of a model in a SQL database. */
final class JdbcRetrainings {

  private static final String COLUMNS =
      "id, alert_id, state, triggered_at, ended_at, result, owner, why, from_at, token,"
          + " lease_until, run_id, attempts";

  /** How often one is begun until it counts as failed, if the processes that run it die. */
  static final int MOST_ATTEMPTS = 3;

  private static final String HELD = " WHERE model = ? AND id = ? AND state = ? AND token = ?";
  private static final String NO_ALERT = "";
  private static final String ALL =
      "SELECT " + COLUMNS + " FROM retraining WHERE model = ? ORDER BY seq";

  private final Model model;
  private final JdbcAlerts alerts;

  JdbcRetrainings(Model model) {
    this.model = model;
    this.alerts = new JdbcAlerts(model);
  }

  List<RetrainingRecord> all() {
    return model.read(JdbcRetrainings::records);
  }

  /** The alerts of the model that go on, in the order in which they were raised. */
  List<Alert> openAlerts() {
    return alerts.open();
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

  /**
   * Stores that one runs, unless the retrainings are others than were seen.
   *
   * @param until when another process may take it over, by the clock of leases
   */
  Optional<RetrainingAttempt> begin(
      RetrainingTrigger trigger, List<RetrainingRecord> seen, Instant until) {
    Alert cause = trigger.cause();
    return model.write(
        (tx, number) -> {
          if (!records(tx, number).equals(seen)) {
            return Optional.empty();
          }
          tx.update(
              "INSERT INTO retraining (model, id, alert_id, state, owner, triggered_at, why,"
                  + " from_at, token, lease_until, attempts)"
                  + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
              number,
              trigger.id(),
              cause == null ? NO_ALERT : cause.id(),
              State.RUNNING.name(),
              text(ProcessIdentity.current()),
              Timestamps.toMicros(trigger.triggeredAt()),
              dialect().legible(String.join("\n", trigger.why())),
              Timestamps.toMicros(trigger.from()),
              1,
              Timestamps.toMicros(until),
              1);
          return Optional.of(new RetrainingAttempt(trigger, 1, null));
        });
  }

  /**
   * Fails what was begun {@value #MOST_ATTEMPTS} times and was never ended nor given back: work
   * that kills its process must not go round.
   *
   * @param now by the clock of leases
   * @param at when it counts as ended
   * @return whether there was any
   */
  boolean giveUp(Instant now, Instant at) {
    return model.write(
        (tx, number) -> {
          int failed = 0;
          for (Stored stored : tx.query(ALL, JdbcRetrainings::stored, number)) {
            if (stored.abandoned(now) && stored.attempts() >= MOST_ATTEMPTS) {
              failed +=
                  tx.update(
                      "UPDATE retraining SET state = ?, ended_at = ?, result = ?,"
                          + " lease_until = NULL WHERE model = ? AND id = ?",
                      State.FAILED.name(),
                      Timestamps.toMicros(at),
                      "the process that ran it died, "
                          + stored.attempts()
                          + " times; see why before it is called for again",
                      number,
                      stored.record().id());
            }
          }
          return failed > 0;
        });
  }

  /** Whether {@link #takeOver} would find anything that is not to be given up. */
  boolean isLeftUndone(Instant now) {
    return model.read(
        (tx, number) ->
            tx.query(ALL, JdbcRetrainings::stored, number).stream()
                .anyMatch(stored -> stored.abandoned(now) && stored.attempts() < MOST_ATTEMPTS));
  }

  /**
   * Takes over what waits, or was run by a process that has died or gave no sign of life until its
   * lease ran out.
   *
   * @param now by the clock of leases
   * @param until when another process may take it over from this one
   */
  Optional<RetrainingAttempt> takeOver(Instant now, Instant until) {
    List<Alert> all = alerts.all();
    return model.write(
        (tx, number) -> {
          for (Stored stored : tx.query(ALL, JdbcRetrainings::stored, number)) {
            if (stored.abandoned(now)) {
              RetrainingAttempt attempt = stored.next(all);
              tx.update(
                  "UPDATE retraining SET state = ?, owner = ?, token = ?, lease_until = ?,"
                      + " attempts = ? WHERE model = ? AND id = ?",
                  State.RUNNING.name(),
                  text(ProcessIdentity.current()),
                  attempt.token(),
                  Timestamps.toMicros(until),
                  stored.attempts() + 1,
                  number,
                  attempt.id());
              return Optional.of(attempt);
            }
          }
          return Optional.empty();
        });
  }

  /** Extends the lease; false if the attempt is not the last one or has ended. */
  boolean renew(RetrainingAttempt held, Instant until) {
    return change(held, "UPDATE retraining SET lease_until = ?", Timestamps.toMicros(until));
  }

  /** Notes the tracked run that the work is; false if the attempt is not the last one. */
  boolean track(RetrainingAttempt held, String runId) {
    return change(held, "UPDATE retraining SET run_id = ?", runId);
  }

  /** Stores that it waits again and was not attempted; false if this is not the last one. */
  boolean release(RetrainingAttempt held) {
    return change(
        held,
        "UPDATE retraining SET state = ?, lease_until = NULL, attempts = attempts - 1",
        State.PENDING.name());
  }

  /** Stores what came of it; false if the attempt is not the last one or has ended. */
  boolean end(RetrainingAttempt held, State state, Instant at, String result) {
    return change(
        held,
        "UPDATE retraining SET state = ?, ended_at = ?, result = ?, lease_until = NULL",
        state.name(),
        Timestamps.toMicros(at),
        dialect().legible(result));
  }

  private boolean change(RetrainingAttempt held, String update, @Nullable Object... values) {
    return model.write(
        (tx, number) -> {
          List<@Nullable Object> arguments = new ArrayList<>(Arrays.asList(values));
          arguments.addAll(List.of(number, held.id(), State.RUNNING.name(), held.token()));
          return tx.update(update + HELD, arguments.toArray()) == 1;
        });
  }

  private Dialect dialect() {
    return model.database().dialect();
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
            row.getString(6),
            row.getString(12)),
        identity(row.getString(7)),
        Timestamps.fromMicros(row.getLong(9)),
        row.getLong(10),
        leaseUntil(row),
        row.getLong(13));
  }

  private static @Nullable Instant leaseUntil(ResultSet row) throws SQLException {
    long micros = row.getLong(11);
    return row.wasNull() ? null : Timestamps.fromMicros(micros);
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

  /**
   * A row.
   *
   * @param token 0 if a library that knows no leases wrote it
   * @param until when it may be taken over; null if it does not run, or such a library runs it
   * @param attempts how often it was begun and not given back
   */
  private record Stored(
      RetrainingRecord record,
      ProcessIdentity owner,
      Instant from,
      long token,
      @Nullable Instant until,
      long attempts) {

    /** The alert is null if the ledger does not have it: the words that say why are kept. */
    RetrainingAttempt next(List<Alert> alerts) {
      Alert alert =
          alerts.stream().filter(a -> a.id().equals(record.alertId())).findFirst().orElse(null);
      RetrainingTrigger trigger =
          new RetrainingTrigger(record.id(), record.why(), alert, record.triggeredAt(), from);
      return new RetrainingAttempt(trigger, token + 1, record.runId());
    }

    private static boolean isHere(ProcessIdentity process) {
      return process.space().equals(ProcessIdentity.current().space());
    }

    boolean abandoned(Instant now) {
      return switch (record.state()) {
        case PENDING -> true;
        case RUNNING -> owner.isGone() || (until == null ? !isHere(owner) : !now.isBefore(until));
        case DONE, FAILED -> false;
      };
    }
  }
}
