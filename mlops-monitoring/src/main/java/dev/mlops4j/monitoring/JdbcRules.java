package dev.mlops4j.monitoring;

import dev.mlops4j.data.Timestamps;
import dev.mlops4j.monitoring.JdbcMonitoringSchema.Model;
import dev.mlops4j.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What rules remember from window to window, and what they saw, in a SQL database. */
final class JdbcRules {

  private final Model model;

  JdbcRules(Model model) {
    this.model = model;
  }

  /** Moves a rule on by one window; one that it saw already changes nothing. */
  static void apply(
      Transaction tx,
      long number,
      String model,
      JdbcWindows.Evaluated evaluated,
      RuleFinding finding)
      throws SQLException {
    State state = state(tx, number, evaluated.key(), finding);
    if (state != null && evaluated.period() <= state.period()) {
      return;
    }
    State next =
        state == null
            ? new State(evaluated.period(), 0, null, null)
            : new State(evaluated.period(), state.streak(), state.alertId(), state.toldAt());
    next =
        switch (finding.finding()) {
          case BROKEN -> broken(tx, number, evaluated, finding, next);
          case CLEAR -> cleared(tx, number, evaluated.at(), finding.rule(), next);
          case BETWEEN -> new State(next.period(), 0, next.alertId(), next.toldAt());
          case UNKNOWN -> next;
        };
    store(tx, number, evaluated.key(), finding, next);
  }

  private static State broken(
      Transaction tx,
      long number,
      JdbcWindows.Evaluated evaluated,
      RuleFinding finding,
      State state)
      throws SQLException {
    Instant now = evaluated.at();
    Alert alert = finding.alert();
    int streak = state.streak() + 1;
    if (alert == null || (state.alertId() == null && streak < finding.rule().consecutive())) {
      return new State(state.period(), streak, state.alertId(), state.toldAt());
    }
    Instant told = nextTelling(finding.rule(), state.toldAt(), now);
    Instant notBefore = told.isAfter(now) ? told : null;
    String id = state.alertId();
    if (id == null) {
      JdbcAlerts.insert(tx, number, evaluated.key(), alert, notBefore);
      return new State(state.period(), streak, alert.id(), told);
    }
    boolean wasTold = JdbcAlerts.goOn(tx, number, id, alert, notBefore);
    // A cool-down begins when somebody has heard, not when somebody should have.
    return new State(state.period(), streak, id, wasTold ? told : state.toldAt());
  }

  /** Now, or when the cool-down since the last time is over. */
  private static Instant nextTelling(AlertRule rule, @Nullable Instant last, Instant now) {
    if (last == null || last.isAfter(now.plus(rule.coolDown()))) {
      // Never, or by a clock that was ahead.
      return now;
    }
    if (last.isAfter(now)) {
      return last;
    }
    Instant cooled = last.plus(rule.coolDown());
    return cooled.isAfter(now) ? cooled : now;
  }

  private static State cleared(
      Transaction tx, long number, Instant now, AlertRule rule, State state) throws SQLException {
    Instant told = state.toldAt();
    if (state.alertId() != null) {
      JdbcAlerts.resolve(tx, number, state.alertId(), now);
    }
    if (told != null && told.isAfter(now)) {
      // What was yet to be told is not: the cool-down goes on from when it began.
      told = told.minus(rule.coolDown());
    }
    return new State(state.period(), 0, null, told);
  }

  /** Rules have seen no later period than this one; alerts that go on do. */
  static int takeBack(Transaction tx, long number, EvaluationKey key, long lastPeriod)
      throws SQLException {
    return tx.update(
        "UPDATE rule_memory SET period = ?, streak = 0 WHERE model = ? AND reference = ?"
            + " AND length = ? AND period > ?",
        lastPeriod,
        number,
        key.reference(),
        key.length(),
        lastPeriod);
  }

  /** Ends the alerts of what is not watched any more: of rules and of columns that are gone. */
  static void withdraw(Transaction tx, long number, JdbcWindows.Evaluated evaluated)
      throws SQLException {
    Set<List<String>> found =
        evaluated.findings().stream()
            .map(finding -> List.of(finding.rule().name(), finding.subject()))
            .collect(Collectors.toSet());
    for (Open open : open(tx, number, evaluated.key())) {
      boolean stated = evaluated.scope().rules().contains(open.rule());
      String why = evaluated.scope().whyOver(open.rule(), open.kind());
      if (why != null
          && !found.contains(List.of(open.rule(), open.subject()))
          && (stated || wasPassedOver(tx, number, evaluated, open))) {
        JdbcAlerts.withdraw(tx, number, open.alertId(), evaluated.at(), why);
        tx.update(
            "UPDATE rule_memory SET alert_id = NULL, streak = 0 WHERE model = ?"
                + " AND reference = ? AND rule = ? AND subject = ? AND length = ?",
            number,
            evaluated.key().reference(),
            open.rule(),
            open.subject(),
            evaluated.key().length());
      } else if (stated && (evaluated.outcomesIn() || !open.kind().needsOutcomes())) {
        // Also if it found nothing in this window, it was not passed over.
        tx.update(
            "UPDATE rule_memory SET period = ? WHERE model = ? AND reference = ? AND rule = ?"
                + " AND subject = ? AND length = ? AND period < ?",
            evaluated.period(),
            number,
            evaluated.key().reference(),
            open.rule(),
            open.subject(),
            evaluated.key().length(),
            evaluated.period());
      }
    }
  }

  /**
   * Whether an earlier window was evaluated by a monitor without the rule, too. One alone may be
   * that of the old configuration while a new one is rolled out, or the other way round.
   */
  private static boolean wasPassedOver(
      Transaction tx, long number, JdbcWindows.Evaluated evaluated, Open open) throws SQLException {
    boolean needsOutcomes = open.kind().needsOutcomes();
    return (evaluated.outcomesIn() || !needsOutcomes)
        && tx.first(
                "SELECT 1 FROM window_evaluation WHERE model = ? AND reference = ? AND length = ?"
                    + " AND period > ? AND period < ? AND outcomes_in >= ?",
                row -> true,
                number,
                evaluated.key().reference(),
                evaluated.key().length(),
                open.period(),
                evaluated.period(),
                needsOutcomes ? 1 : 0)
            .isPresent();
  }

  private static List<Open> open(Transaction tx, long number, EvaluationKey key)
      throws SQLException {
    return tx.query(
        "SELECT memory.rule, memory.subject, alert.id, alert.kind, memory.period"
            + " FROM rule_memory memory JOIN alert ON alert.model = memory.model AND alert.id = memory.alert_id"
            + " WHERE memory.model = ? AND memory.reference = ? AND memory.length = ?",
        row ->
            new Open(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                AlertKind.valueOf(row.getString(4)),
                row.getLong(5)),
        number,
        key.reference(),
        key.length());
  }

  /** Stores that an alert that goes on was heard of now: its cool-down begins. */
  static void heard(Transaction tx, long number, String alertId, Instant now) throws SQLException {
    long at = Timestamps.toMicros(now);
    tx.update(
        "UPDATE rule_memory SET told_at = ? WHERE model = ? AND alert_id = ? AND told_at < ?",
        at,
        number,
        alertId,
        at);
  }

  private static @Nullable State state(
      Transaction tx, long number, EvaluationKey key, RuleFinding finding) throws SQLException {
    return tx.first(
            "SELECT period, streak, alert_id, told_at FROM rule_memory WHERE model = ?"
                + " AND reference = ? AND rule = ? AND subject = ? AND length = ?",
            row -> {
              long told = row.getLong(4);
              Instant toldAt = row.wasNull() ? null : Timestamps.fromMicros(told);
              return new State(row.getLong(1), row.getInt(2), row.getString(3), toldAt);
            },
            number,
            key.reference(),
            finding.rule().name(),
            finding.subject(),
            key.length())
        .orElse(null);
  }

  private static void store(
      Transaction tx, long number, EvaluationKey key, RuleFinding finding, State state)
      throws SQLException {
    Instant told = state.toldAt();
    tx.update(
        "INSERT INTO rule_memory (model, reference, rule, subject, length, period, streak,"
            + " alert_id, told_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            + " ON CONFLICT (model, reference, rule, subject, length)"
            + " DO UPDATE SET period = excluded.period, streak = excluded.streak,"
            + " alert_id = excluded.alert_id, told_at = excluded.told_at",
        number,
        key.reference(),
        finding.rule().name(),
        finding.subject(),
        key.length(),
        state.period(),
        state.streak(),
        state.alertId(),
        told == null ? null : Timestamps.toMicros(told));
  }

  /** Stores what was seen of a window, in place of what was before. */
  static void store(
      Transaction tx, long number, long length, long period, Map<String, RuleValue> values)
      throws SQLException {
    for (Map.Entry<String, RuleValue> value : values.entrySet()) {
      RuleValue seen = value.getValue();
      tx.update(
          "INSERT INTO window_metric (model, length, period, name, value, lower_end, upper_end,"
              + " row_count) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
              + " ON CONFLICT (model, length, period, name) DO UPDATE SET value = excluded.value,"
              + " lower_end = excluded.lower_end, upper_end = excluded.upper_end,"
              + " row_count = excluded.row_count",
          number,
          length,
          period,
          value.getKey(),
          Double.doubleToLongBits(seen.value()),
          Double.doubleToLongBits(seen.lower()),
          Double.doubleToLongBits(seen.upper()),
          seen.rows());
    }
  }

  /** What was seen under this name of the periods of a range, in their order. */
  List<Seen> seen(String name, long length, long from, long to) {
    return model.read(
        (tx, number) ->
            tx.query(
                "SELECT period, value, lower_end, upper_end, row_count FROM window_metric"
                    + " WHERE model = ? AND length = ? AND period >= ? AND period <= ?"
                    + " AND name = ? ORDER BY period",
                row ->
                    new Seen(
                        row.getLong(1),
                        new RuleValue(
                            Double.longBitsToDouble(row.getLong(2)),
                            Double.longBitsToDouble(row.getLong(3)),
                            Double.longBitsToDouble(row.getLong(4)),
                            row.getLong(5))),
                number,
                length,
                from,
                to,
                name));
  }

  /** Silences a rule until a moment, in place of what was said before. */
  void silence(String rule, Instant until, String reason) {
    model.write(
        (tx, number) ->
            tx.update(
                "INSERT INTO alert_silence (model, rule, until_at, reason) VALUES (?, ?, ?, ?)"
                    + " ON CONFLICT (model, rule) DO UPDATE SET until_at = excluded.until_at,"
                    + " reason = excluded.reason",
                number,
                rule,
                Timestamps.toMicros(until),
                model.database().dialect().legible(reason)));
  }

  /**
   * An alert of a rule that goes on.
   *
   * @param period the last one that the rule looked at
   */
  private record Open(String rule, String subject, String alertId, AlertKind kind, long period) {}

  /** A value of a period. */
  record Seen(long period, RuleValue value) {}

  /**
   * What a rule remembers of a subject.
   *
   * @param period the last one it saw
   * @param streak how many in a row broke it
   * @param alertId the alert that goes on, or null
   * @param toldAt when it was heard of last, or is to be heard of next; null if never
   */
  private record State(
      long period, int streak, @Nullable String alertId, @Nullable Instant toldAt) {}
}
