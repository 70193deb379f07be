package dev.mlops4j.pipeline;

import dev.mlops4j.data.Timestamps;
import dev.mlops4j.pipeline.FiringRecord.State;
import dev.mlops4j.storage.Database;
import dev.mlops4j.storage.Dialect;
import dev.mlops4j.storage.Transaction;
import dev.mlops4j.workspace.ProcessIdentity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Schedules in a relational database. Its tables are made at the first use. */
public final class JdbcScheduleStore implements ScheduleStore {

  private static final String SCHEDULES =
      "SELECT name, timing, defined_at, planned_to, tokens, paused_at, pause_reason FROM schedule";
  private static final String FIRINGS =
      "SELECT id, schedule, planned_at, requested, state, passed_over, attempts, token, host,"
          + " process_space, pid, process_started, lease_until, started_at, ended_at, text, run_id"
          + " FROM firing WHERE schedule = ?";
  private static final String HELD =
      " WHERE schedule = ? AND id = ? AND state = 'RUNNING' AND token = ?";

  private final Database database;

  /** A store in this database, which stays the caller's to close. */
  public JdbcScheduleStore(Database database) {
    this.database = database.withSchema(JdbcScheduleSchema.COMPONENT, JdbcScheduleSchema.STEPS);
  }

  @Override
  public ScheduleState define(String name, String timing, Instant now) {
    long at = Timestamps.toMicros(now);
    return write(
        name,
        tx -> {
          Optional<ScheduleState> found = read(tx, name);
          if (found.isEmpty()) {
            tx.update(
                "INSERT INTO schedule (name, timing, defined_at, planned_to, tokens)"
                    + " VALUES (?, ?, ?, ?, 0)",
                name,
                timing,
                at,
                at);
          } else if (!found.get().timing().equals(timing)) {
            tx.update(
                "UPDATE schedule SET timing = ?, defined_at = ?, planned_to = ? WHERE name = ?",
                timing,
                at,
                notBefore(found.get(), at),
                name);
          }
          return read(tx, name).orElseThrow();
        });
  }

  @Override
  public Optional<ScheduleState> find(String name) {
    return database.read(tx -> read(tx, name));
  }

  @Override
  public List<ScheduleState> all() {
    return database.read(
        tx -> {
          List<ScheduleState> all = new ArrayList<>();
          for (String name : names(tx)) {
            read(tx, name).ifPresent(all::add);
          }
          return all;
        });
  }

  @Override
  public Optional<FiringRecord> advance(
      ScheduleState seen, Instant plannedTo, FiringRecord firing) {
    return write(
        seen.name(),
        tx -> {
          if (!read(tx, seen.name()).equals(Optional.of(seen))) {
            return Optional.empty();
          }
          boolean ended = firing(tx, firing).filter(stored -> !stored.isOpen()).isPresent();
          boolean begins = firing.state() == State.RUNNING && !ended;
          long tokens = seen.tokens() + (begins ? 1 : 0);
          tx.update(
              "UPDATE schedule SET planned_to = ?, tokens = ? WHERE name = ?",
              Timestamps.toMicros(plannedTo),
              tokens,
              seen.name());
          return Optional.of(store(tx, begins ? firing.withToken(tokens) : firing));
        });
  }

  @Override
  public boolean renew(FiringRecord held, Instant until) {
    return change(held, "UPDATE firing SET lease_until = ?", Timestamps.toMicros(until));
  }

  @Override
  public boolean track(FiringRecord held, String runId) {
    return change(held, "UPDATE firing SET run_id = ?", runId);
  }

  @Override
  public boolean end(FiringRecord held, State state, Instant at, @Nullable String text) {
    return change(
        held,
        "UPDATE firing SET state = ?, ended_at = ?, text = ?, lease_until = NULL,"
            + " attempts = attempts - ?",
        state.name(),
        state == State.WAITING ? null : Timestamps.toMicros(at),
        dialect().legible(text),
        state == State.WAITING ? 1 : 0);
  }

  @Override
  public FiringRecord request(FiringRecord firing) {
    return write(
        firing.schedule(),
        tx -> {
          Optional<FiringRecord> waiting =
              require(tx, firing.schedule()).waiting(FiringRecord::requested);
          return waiting.isPresent() ? waiting.get() : store(tx, firing);
        });
  }

  @Override
  public void pause(String name, Instant at, String reason) {
    write(
        name,
        tx -> {
          require(tx, name);
          return tx.update(
              "UPDATE schedule SET paused_at = ?, pause_reason = ?"
                  + " WHERE name = ? AND paused_at IS NULL",
              Timestamps.toMicros(at),
              dialect().legible(reason),
              name);
        });
  }

  @Override
  public void resume(String name, Instant at) {
    write(
        name,
        tx -> {
          ScheduleState found = require(tx, name);
          return tx.update(
              "UPDATE schedule SET paused_at = NULL, pause_reason = NULL, planned_to = ?"
                  + " WHERE name = ? AND paused_at IS NOT NULL",
              notBefore(found, Timestamps.toMicros(at)),
              name);
        });
  }

  @Override
  public void settle(String name, Instant plannedTo) {
    write(
        name,
        tx -> {
          require(tx, name);
          return tx.update(
              "UPDATE schedule SET planned_to = ? WHERE name = ?",
              Timestamps.toMicros(plannedTo),
              name);
        });
  }

  @Override
  public List<FiringRecord> history(String name, int limit) {
    return database.read(
        tx -> {
          require(tx, name);
          return tx.query(
              FIRINGS + " ORDER BY no DESC LIMIT ?", JdbcScheduleStore::firing, name, limit);
        });
  }

  private Dialect dialect() {
    return database.dialect();
  }

  /** All that is written of a schedule is written one after the other. */
  private <R extends @Nullable Object> R write(String schedule, Database.Work<R> work) {
    return database.write(
        tx -> {
          tx.lock("schedule " + schedule);
          return work.run(tx);
        });
  }

  private boolean change(FiringRecord held, String update, @Nullable Object... values) {
    List<@Nullable Object> arguments = new ArrayList<>();
    for (@Nullable Object value : values) {
      arguments.add(value);
    }
    arguments.add(held.schedule());
    arguments.add(held.id());
    arguments.add(held.token());
    return write(held.schedule(), tx -> tx.update(update + HELD, arguments.toArray()) == 1);
  }

  /** A host whose clock is behind must not have planned times run that were settled. */
  private static long notBefore(ScheduleState found, long at) {
    return Math.max(Timestamps.toMicros(found.plannedTo()), at);
  }

  private static FiringRecord store(Transaction tx, FiringRecord firing) throws SQLException {
    tx.update(
        "INSERT INTO firing (schedule, id, planned_at, requested, state, passed_over, attempts,"
            + " token, host, process_space, pid, process_started, lease_until, started_at,"
            + " ended_at, text, run_id)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (schedule, id) DO UPDATE SET state = excluded.state,"
            + " attempts = excluded.attempts, token = excluded.token, host = excluded.host,"
            + " process_space = excluded.process_space, pid = excluded.pid,"
            + " process_started = excluded.process_started, lease_until = excluded.lease_until,"
            + " started_at = excluded.started_at, ended_at = excluded.ended_at,"
            + " text = excluded.text WHERE firing.ended_at IS NULL",
        arguments(firing));
    tx.update(
        "DELETE FROM firing WHERE schedule = ? AND ended_at IS NOT NULL AND no <="
            + " (SELECT no FROM firing WHERE schedule = ? ORDER BY no DESC LIMIT 1 OFFSET "
            + KEPT
            + ")",
        firing.schedule(),
        firing.schedule());
    return firing(tx, firing).orElseThrow();
  }

  /** The firing of this id as it is stored. */
  private static Optional<FiringRecord> firing(Transaction tx, FiringRecord firing)
      throws SQLException {
    return tx.first(
        FIRINGS + " AND id = ?", JdbcScheduleStore::firing, firing.schedule(), firing.id());
  }

  private static @Nullable Object[] arguments(FiringRecord firing) {
    ProcessIdentity holder = firing.holder();
    return new @Nullable Object[] {
      firing.schedule(),
      firing.id(),
      Timestamps.toMicros(firing.planned()),
      firing.requested(),
      firing.state().name(),
      firing.passedOver(),
      firing.attempts(),
      firing.token(),
      holder == null ? null : holder.host(),
      holder == null ? null : holder.space(),
      holder == null ? null : holder.pid(),
      holder == null ? null : holder.started(),
      micros(firing.leaseUntil()),
      micros(firing.startedAt()),
      micros(firing.endedAt()),
      firing.text(),
      firing.runId()
    };
  }

  private static Optional<ScheduleState> read(Transaction tx, String name) throws SQLException {
    List<FiringRecord> open =
        tx.query(FIRINGS + " AND ended_at IS NULL ORDER BY no", JdbcScheduleStore::firing, name);
    return tx.first(
        SCHEDULES + " WHERE name = ?",
        row ->
            new ScheduleState(
                row.getString(1),
                row.getString(2),
                Timestamps.fromMicros(row.getLong(3)),
                Timestamps.fromMicros(row.getLong(4)),
                row.getLong(5),
                instant(row, 6),
                row.getString(7),
                open),
        name);
  }

  private static ScheduleState require(Transaction tx, String name) throws SQLException {
    Optional<ScheduleState> found = read(tx, name);
    if (found.isEmpty()) {
      throw new NoSuchScheduleException(name, names(tx));
    }
    return found.get();
  }

  private static List<String> names(Transaction tx) throws SQLException {
    return tx.query("SELECT name FROM schedule ORDER BY name", row -> row.getString(1));
  }

  private static FiringRecord firing(ResultSet row) throws SQLException {
    String host = row.getString(9);
    return new FiringRecord(
        row.getString(1),
        row.getString(2),
        Timestamps.fromMicros(row.getLong(3)),
        row.getLong(4) != 0,
        State.valueOf(row.getString(5)),
        row.getLong(6),
        row.getInt(7),
        row.getLong(8),
        host == null
            ? null
            : new ProcessIdentity(host, row.getString(10), row.getLong(11), row.getString(12)),
        instant(row, 13),
        instant(row, 14),
        instant(row, 15),
        row.getString(16),
        row.getString(17));
  }

  private static @Nullable Instant instant(ResultSet row, int column) throws SQLException {
    long micros = row.getLong(column);
    return row.wasNull() ? null : Timestamps.fromMicros(micros);
  }

  private static @Nullable Long micros(@Nullable Instant instant) {
    return instant == null ? null : Timestamps.toMicros(instant);
  }
}
