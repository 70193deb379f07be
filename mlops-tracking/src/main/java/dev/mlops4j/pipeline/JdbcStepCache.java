package dev.mlops4j.pipeline;

import dev.mlops4j.data.Timestamps;
import dev.mlops4j.storage.Database;
import dev.mlops4j.storage.Dialect;
import dev.mlops4j.storage.Migration;
import dev.mlops4j.storage.Transaction;
import dev.mlops4j.workspace.ProcessIdentity;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The outputs of steps by their keys, and who computes one that is not there.
 *
 * <p>A claim is held by one run of all processes. It is taken over when its process has ended, as
 * far as that can be seen, or gave no sign of life for {@link #CLAIM_LIFE}; if it is seen to live,
 * as it does on the same host, for {@link #LIVING_CLAIM_LIFE}. The age of a sign is told by the
 * wall clock of who asks: the clocks of the hosts of a workspace must differ by less than a claim's
 * life without the time between two signs, 50 s, and so must a clock that is set.
 */
final class JdbcStepCache {

  /** How long a claim lives without a sign of life. */
  static final Duration CLAIM_LIFE = Duration.ofSeconds(60);

  /**
   * How long one lives whose process is seen to live, as one that is suspended: a clock that is set
   * does not take over what goes on.
   */
  static final Duration LIVING_CLAIM_LIFE = Duration.ofMinutes(10);

  /** How often signs of life are given. */
  static final Duration BEAT = Duration.ofSeconds(10);

  private static final String COMPONENT = "pipeline";

  private static final List<Migration> STEPS = List.of(new Migration(1, 1, JdbcStepCache::first));

  /** What only the parts of the key of an element have; in a value the quotes are escaped. */
  private static final String OF_ELEMENT = "%,\"" + StepKey.ELEMENT + "\":%";

  private final Database database;

  /** A cache in this database, which stays the caller's to close. */
  JdbcStepCache(Database database) {
    this.database = database.withSchema(COMPONENT, STEPS);
  }

  private static List<String> first(Dialect dialect) {
    return List.of(
        "CREATE TABLE pipeline_output (cache_key TEXT NOT NULL PRIMARY KEY,"
            + " pipeline TEXT NOT NULL, step TEXT NOT NULL, at BIGINT NOT NULL,"
            + " code TEXT NOT NULL, parts TEXT NOT NULL, output TEXT NOT NULL,"
            + " run_id TEXT NOT NULL)",
        "CREATE INDEX pipeline_output_by_step ON pipeline_output (pipeline, step, at)",
        "CREATE TABLE pipeline_claim (cache_key TEXT NOT NULL PRIMARY KEY, token TEXT NOT NULL,"
            + " host TEXT NOT NULL, process_space TEXT NOT NULL, pid BIGINT NOT NULL,"
            + " process_started TEXT NOT NULL, seen_at BIGINT NOT NULL)",
        "CREATE INDEX pipeline_claim_by_token ON pipeline_claim (token)");
  }

  /**
   * An output that was kept.
   *
   * @param at when
   * @param code the digest of the code that made it, empty if unknown
   * @param parts those of its key, as JSON
   * @param output as {@link StoredOutput} writes it
   * @param runId the child run that made it
   */
  record Entry(
      String pipeline,
      String step,
      Instant at,
      String code,
      String parts,
      String output,
      String runId) {}

  Optional<Entry> find(String key) {
    return database.readStatement(
        tx -> tx.first(select("cache_key = ?"), JdbcStepCache::entry, key));
  }

  /** The output of a step, none of an element of it, that was kept last, under whatever key. */
  Optional<Entry> latest(String pipeline, String step) {
    return database.readStatement(
        tx ->
            tx.first(
                select(
                    "pipeline = ? AND step = ? AND parts NOT LIKE ?"
                        + " ORDER BY at DESC, cache_key LIMIT 1"),
                JdbcStepCache::entry,
                pipeline,
                step,
                OF_ELEMENT));
  }

  /** Keeps an output; one that is there is replaced. */
  void put(String key, Entry entry) {
    write(tx -> put(tx, key, entry));
  }

  /**
   * An output that is to be kept.
   *
   * @param claimed whether there is a claim that is to be given up with that
   */
  record Kept(String key, Entry entry, boolean claimed) {}

  /** Keeps outputs, and gives up the claims of this token on them: all or none. */
  void putAll(Collection<Kept> outputs, String token) {
    write(
        tx -> {
          // In one order, so that two processes never wait for each other.
          for (Kept output : outputs.stream().sorted(Comparator.comparing(Kept::key)).toList()) {
            put(tx, output.key(), output.entry());
            if (output.claimed()) {
              release(tx, output.key(), token);
            }
          }
        });
  }

  /**
   * Claims a key for the holder of a token.
   *
   * @return whether it is the token's now; else another one's holds it
   */
  boolean claim(String key, String token, Instant now) {
    return database.write(
        tx -> {
          tx.lock("pipeline claim " + key);
          Optional<Claim> held = claim(tx, key);
          boolean free = held.isEmpty() || held.get().isFreeFor(token, now);
          if (free) {
            ProcessIdentity own = ProcessIdentity.current();
            tx.update(
                "INSERT INTO pipeline_claim (cache_key, token, host, process_space, pid,"
                    + " process_started, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?)"
                    + " ON CONFLICT (cache_key) DO UPDATE SET token = excluded.token,"
                    + " host = excluded.host, process_space = excluded.process_space,"
                    + " pid = excluded.pid, process_started = excluded.process_started,"
                    + " seen_at = excluded.seen_at",
                key,
                token,
                own.host(),
                own.space(),
                own.pid(),
                own.started(),
                Timestamps.toMicros(now));
          }
          return free;
        });
  }

  /** Whether somebody holds a claim who lives, as far as can be seen. */
  boolean isTaken(String key, Instant now) {
    return database
        .readStatement(tx -> claim(tx, key))
        .filter(held -> !held.isLost(now))
        .isPresent();
  }

  private static Optional<Claim> claim(Transaction tx, String key) throws SQLException {
    return tx.first(
        "SELECT token, host, process_space, pid, process_started, seen_at"
            + " FROM pipeline_claim WHERE cache_key = ?",
        JdbcStepCache::held,
        key);
  }

  /** Whether a claim is the token's. */
  boolean isHeld(String key, String token) {
    return database.readStatement(
        tx ->
            tx.first(
                    "SELECT 1 FROM pipeline_claim WHERE cache_key = ? AND token = ?",
                    row -> true,
                    key,
                    token)
                .isPresent());
  }

  /** How many outputs were kept before this instant. */
  long count(Instant before) {
    return database.readStatement(
        tx ->
            tx.first(
                    "SELECT count(*) FROM pipeline_output WHERE at < ?",
                    row -> row.getLong(1),
                    Timestamps.toMicros(before))
                .orElse(0L));
  }

  /** Forgets outputs that were kept before this instant, and claims of who died before it. */
  long forget(Instant before) {
    return database.write(
        tx -> {
          tx.update(
              "DELETE FROM pipeline_claim WHERE seen_at < ?",
              Timestamps.toMicros(before.minus(LIVING_CLAIM_LIFE)));
          return (long)
              tx.update("DELETE FROM pipeline_output WHERE at < ?", Timestamps.toMicros(before));
        });
  }

  /** Gives up a claim; one that is another's by now stays. */
  void release(String key, String token) {
    write(tx -> release(tx, key, token));
  }

  /** Notes that the holder of a token lives. */
  void beat(String token, Instant now) {
    write(
        tx ->
            tx.update(
                "UPDATE pipeline_claim SET seen_at = ? WHERE token = ?",
                Timestamps.toMicros(now),
                token));
  }

  private static String select(String where) {
    return "SELECT pipeline, step, at, code, parts, output, run_id FROM pipeline_output WHERE "
        + where;
  }

  private static void put(Transaction tx, String key, Entry entry) throws SQLException {
    tx.update(
        "INSERT INTO pipeline_output (cache_key, pipeline, step, at, code, parts, output, run_id)"
            + " VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (cache_key) DO UPDATE SET"
            + " at = excluded.at, code = excluded.code, parts = excluded.parts,"
            + " output = excluded.output, run_id = excluded.run_id",
        key,
        entry.pipeline(),
        entry.step(),
        Timestamps.toMicros(entry.at()),
        entry.code(),
        entry.parts(),
        entry.output(),
        entry.runId());
  }

  private static void release(Transaction tx, String key, String token) throws SQLException {
    tx.update("DELETE FROM pipeline_claim WHERE cache_key = ? AND token = ?", key, token);
  }

  private void write(Change change) {
    database.write(
        tx -> {
          change.make(tx);
          return true;
        });
  }

  private static Entry entry(ResultSet row) throws SQLException {
    return new Entry(
        row.getString("pipeline"),
        row.getString("step"),
        Timestamps.fromMicros(row.getLong("at")),
        row.getString("code"),
        row.getString("parts"),
        row.getString("output"),
        row.getString("run_id"));
  }

  private static Claim held(ResultSet row) throws SQLException {
    return new Claim(
        row.getString("token"),
        new ProcessIdentity(
            row.getString("host"),
            row.getString("process_space"),
            row.getLong("pid"),
            row.getString("process_started")),
        Timestamps.fromMicros(row.getLong("seen_at")));
  }

  /** Statements that give nothing back. */
  @FunctionalInterface
  private interface Change {
    void make(Transaction tx) throws SQLException;
  }

  private record Claim(String token, ProcessIdentity process, Instant seenAt) {

    boolean isFreeFor(String asking, Instant now) {
      return asking.equals(token) || isLost(now);
    }

    boolean isLost(Instant now) {
      if (process.isGone()) {
        return true;
      }
      boolean isSeen = process.space().equals(ProcessIdentity.current().space());
      return seenAt.isBefore(now.minus(isSeen ? LIVING_CLAIM_LIFE : CLAIM_LIFE));
    }
  }
}
