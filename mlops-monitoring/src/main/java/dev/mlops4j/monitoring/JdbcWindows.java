package dev.mlops4j.monitoring;

import dev.mlops4j.data.Timestamps;
import dev.mlops4j.monitoring.JdbcMonitoringSchema.Model;
import dev.mlops4j.storage.Transaction;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What was evaluated, in a SQL database. */
final class JdbcWindows {

  private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);

  /** By how much the clocks of processes may differ without a consequence. */
  private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

  private final Model model;

  JdbcWindows(Model model) {
    this.model = model;
  }

  /** The last period that was evaluated, with outcomes or without. */
  OptionalLong lastEvaluated(EvaluationKey key, boolean outcomesIn) {
    return model.number(
        "SELECT MAX(period) FROM window_evaluation WHERE model = ? AND length = ?"
            + " AND reference = ? AND outcomes_in = ?",
        key.length(),
        key.reference(),
        outcomesIn);
  }

  /** The first period with predictions that was evaluated, as far as that is stored. */
  OptionalLong firstJudged(EvaluationKey key) {
    return model.number(
        "SELECT MIN(period) FROM window_evaluation WHERE model = ? AND length = ?"
            + " AND reference = ? AND version > 0",
        key.length(),
        key.reference());
  }

  /** The version that each evaluated period of a range was judged by, where that is stored. */
  Map<Long, Integer> versions(EvaluationKey key, long from, long to) {
    Map<Long, Integer> versions = new HashMap<>();
    model.read(
        (tx, number) ->
            tx.query(
                "SELECT period, version FROM window_evaluation WHERE model = ? AND length = ?"
                    + " AND reference = ? AND period >= ? AND period <= ?"
                    + " AND version IS NOT NULL ORDER BY period, outcomes_in",
                row -> versions.put(row.getLong(1), row.getInt(2)),
                number,
                key.length(),
                key.reference(),
                from,
                to));
    return versions;
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

  /** The counts of periods before this one that have pairs of prediction and outcome. */
  List<Counted> withPairs(long length, long before) {
    return model.read(
        (tx, number) ->
            tx.query(
                "SELECT version, period FROM period_counts WHERE model = ? AND length = ?"
                    + " AND period < ? AND pairs_removed IS NULL",
                row -> new Counted(row.getInt(1), row.getLong(2)),
                number,
                length,
                before));
  }

  /** Stores counts of a period without the pairs that they had. */
  void removePairs(long length, Counted counted, byte[] counts) {
    model.write(
        (tx, number) ->
            tx.update(
                "UPDATE period_counts SET counts = ?, pairs_removed = 1 WHERE model = ?"
                    + " AND length = ? AND version = ? AND period = ?",
                counts,
                number,
                length,
                counted.version(),
                counted.period()));
  }

  /** Before which moment predictions were removed; the least number if none were. */
  long removedBefore() {
    return model.read(JdbcRemoval::removedBefore);
  }

  /**
   * Says that windows up to this one are evaluated with outcomes from now on: what changes them
   * after that leaves a mark. Comes before anything of them is read.
   */
  void announce(long length, long period) {
    long announced =
        model.read(
            (tx, number) ->
                tx.first(
                        "SELECT period FROM outcomes_due WHERE model = ? AND length = ?",
                        row -> row.getLong(1),
                        number,
                        length)
                    .orElse(Long.MIN_VALUE));
    if (announced < period) {
      model.write(
          (tx, number) ->
              tx.update(
                  "INSERT INTO outcomes_due (model, length, period) VALUES (?, ?, ?)"
                      + " ON CONFLICT (model, length) DO UPDATE SET period = excluded.period"
                      + " WHERE outcomes_due.period < excluded.period",
                  number,
                  length,
                  period));
    }
  }

  /**
   * Takes back what a clock that was ahead had evaluated: periods that have not ended yet, whose
   * evaluation is stored as of later than now. What they were counted as goes too, rules have seen
   * the last period that has ended, and what retention has removed is no longer refused.
   *
   * @param lastEnded the last period that has ended
   */
  void takeBack(EvaluationKey key, long lastEnded, Instant now) {
    long later = Timestamps.toMicros(now.plus(CLOCKS_DIFFER));
    if (model
        .number(
            "SELECT 1 FROM window_evaluation WHERE model = ? AND length = ? AND reference = ?"
                + " AND period > ? AND evaluated_at > ?",
            key.length(),
            key.reference(),
            lastEnded,
            later)
        .isEmpty()) {
      return;
    }
    LOG.warn(
        "windows of \"{}\" were evaluated before their end, by a clock that was ahead: they will be"
            + " evaluated again",
        model.name());
    model.write(
        (tx, number) -> {
          tx.update(
              "DELETE FROM window_evaluation WHERE model = ? AND length = ? AND reference = ?"
                  + " AND period > ? AND evaluated_at > ?",
              number,
              key.length(),
              key.reference(),
              lastEnded,
              later);
          for (String table : List.of("period_counts", "window_metric")) {
            tx.update(
                "DELETE FROM " + table + " WHERE model = ? AND length = ? AND period > ?",
                number,
                key.length(),
                lastEnded);
          }
          tx.update(
              "UPDATE outcomes_due SET period = ? WHERE model = ? AND length = ? AND period > ?",
              lastEnded,
              number,
              key.length(),
              lastEnded);
          return JdbcRules.takeBack(tx, number, key, lastEnded)
              + tx.update(
                  "UPDATE monitored_model SET removed_before = ?"
                      + " WHERE id = ? AND removed_before > ?",
                  new Periods(key.length()).startMicros(lastEnded + 1),
                  number,
                  new Periods(key.length()).startMicros(lastEnded + 1));
        });
  }

  /** The version that the last period with predictions was judged by, up to this one; 0 if none. */
  int lastVersion(EvaluationKey key, long to) {
    return (int)
        model
            .number(
                "SELECT version FROM window_evaluation WHERE model = ? AND length = ?"
                    + " AND reference = ? AND period <= ? AND version > 0"
                    + " ORDER BY period DESC LIMIT 1",
                key.length(),
                key.reference(),
                to)
            .orElse(0);
  }

  /**
   * Stores an evaluation in one transaction: all of it, or nothing if another process was first.
   *
   * @param changes how many changes the mark of the window had when it was read: these are settled
   * @return whether it was stored
   */
  boolean record(Evaluated evaluated, long changes) {
    return model.write(
        (tx, number) -> {
          int marked =
              tx.update(
                  "INSERT INTO window_evaluation (model, length, reference, period, outcomes_in,"
                      + " evaluated_at, version) VALUES (?, ?, ?, ?, ?, ?, ?)"
                      + " ON CONFLICT DO NOTHING",
                  number,
                  evaluated.length(),
                  evaluated.key().reference(),
                  evaluated.period(),
                  evaluated.outcomesIn(),
                  Timestamps.toMicros(evaluated.at()),
                  evaluated.version());
          if (marked == 0) {
            return false;
          }
          if (changes > 0 && takeBackChanges(tx, number, evaluated, changes)) {
            forget(tx, number, evaluated);
          }
          store(tx, number, evaluated);
          for (Alert alert : evaluated.alerts()) {
            JdbcAlerts.raise(tx, number, model.name(), evaluated.key(), alert);
          }
          for (RuleFinding finding : evaluated.findings()) {
            JdbcRules.apply(tx, number, model.name(), evaluated, finding);
          }
          JdbcRules.withdraw(tx, number, evaluated);
          return true;
        });
  }

  /**
   * Stores the counts and metrics of a window that was evaluated before and has changed since, and
   * takes away its mark unless it changed again meanwhile. No rule is asked again.
   *
   * @param changes how many changes the mark had when the window was read
   * @return whether nobody else was first
   */
  boolean restate(Evaluated evaluated, long changes) {
    return model.write(
        (tx, number) -> {
          if (!takeBackChanges(tx, number, evaluated, changes)) {
            return false;
          }
          forget(tx, number, evaluated);
          store(tx, number, evaluated);
          tx.update(
              "UPDATE window_evaluation SET version = ? WHERE model = ? AND length = ?"
                  + " AND period = ?",
              evaluated.version(),
              number,
              evaluated.length(),
              evaluated.period());
          return true;
        });
  }

  /** Takes away the mark of a window that stays as it was, unless it changed again meanwhile. */
  void settleAsItWas(long length, long period, long changes) {
    model.write(
        (tx, number) ->
            tx.update(
                "DELETE FROM changed_window WHERE model = ? AND length = ? AND period = ?"
                    + " AND changes = ?",
                number,
                length,
                period,
                changes));
  }

  /** Takes back as many changes; false if others have done so. */
  private static boolean takeBackChanges(
      Transaction tx, long number, Evaluated evaluated, long changes) throws SQLException {
    int settled =
        tx.update(
            "UPDATE changed_window SET changes = changes - ? WHERE model = ? AND length = ?"
                + " AND period = ? AND changes >= ?",
            changes,
            number,
            evaluated.length(),
            evaluated.period(),
            changes);
    if (settled > 0) {
      tx.update(
          "DELETE FROM changed_window WHERE model = ? AND length = ? AND period = ?"
              + " AND changes <= 0",
          number,
          evaluated.length(),
          evaluated.period());
    }
    return settled > 0;
  }

  /** The counts of a window that has changed, of all versions: they are made anew when needed. */
  private static void forget(Transaction tx, long number, Evaluated evaluated) throws SQLException {
    tx.update(
        "DELETE FROM period_counts WHERE model = ? AND length = ? AND period = ?",
        number,
        evaluated.length(),
        evaluated.period());
  }

  private static void store(Transaction tx, long number, Evaluated evaluated) throws SQLException {
    for (CountsToStore counts : evaluated.counts()) {
      tx.update(
          "INSERT INTO period_counts (model, version, length, period, outcomes_in, counts)"
              + " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (model, version, length, period)"
              + " DO UPDATE SET outcomes_in = excluded.outcomes_in,"
              + " counts = excluded.counts"
              + " WHERE excluded.outcomes_in >= period_counts.outcomes_in",
          number,
          counts.version(),
          evaluated.length(),
          counts.period(),
          evaluated.outcomesIn(),
          counts.bytes());
    }
    JdbcRules.store(tx, number, evaluated.length(), evaluated.period(), evaluated.values());
  }

  /**
   * What one evaluation of a period found.
   *
   * @param version the version that it was judged by; 0 if nothing was asked
   * @param alerts of drift that no rule is about
   * @param values what rules and histories see of it, by name
   * @param scope what the findings are about
   */
  record Evaluated(
      EvaluationKey key,
      long period,
      int version,
      boolean outcomesIn,
      Instant at,
      List<CountsToStore> counts,
      List<Alert> alerts,
      Map<String, RuleValue> values,
      List<RuleFinding> findings,
      RuleScope scope) {

    long length() {
      return key.length();
    }
  }

  /** A period in the bins of a version. */
  record Counted(int version, long period) {}

  /** The counts of a period in the bins of a version. */
  @SuppressWarnings("ArrayRecordComponent") // Never compared.
  record CountsToStore(int version, long period, byte[] bytes) {}
}
