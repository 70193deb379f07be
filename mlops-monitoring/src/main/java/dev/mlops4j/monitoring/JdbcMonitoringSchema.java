package dev.mlops4j.monitoring;

import dev.mlops4j.storage.Database;
import dev.mlops4j.storage.Migration;
import dev.mlops4j.storage.Transaction;
import java.sql.SQLException;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The tables of the ledger: predictions, logged requests, outcomes and failures, counts by period,
 * windows evaluated and changed since, metrics, alerts and the state of their rules, retrainings.
 * Times are microseconds; doubles that may be NaN are stored as their bits.
 */
final class JdbcMonitoringSchema {

  static final List<Migration> STEPS =
      List.of(
          new Migration(
              1,
              1,
              dialect ->
                  List.of(
                      "CREATE TABLE monitored_model (id "
                          + dialect.identity()
                          + ", name TEXT NOT NULL UNIQUE)",
                      "CREATE TABLE prediction (model BIGINT NOT NULL, id "
                          + dialect.orderedText()
                          + " NOT NULL,"
                          + " asked_at BIGINT NOT NULL, known_at BIGINT NOT NULL,"
                          + " version BIGINT NOT NULL, vector "
                          + dialect.bytes()
                          + " NOT NULL, output "
                          + dialect.bytes()
                          + " NOT NULL, PRIMARY KEY (model, id))",
                      "CREATE INDEX prediction_by_time ON prediction (model, asked_at, version)",
                      "CREATE TABLE outcome (model BIGINT NOT NULL, id TEXT NOT NULL,"
                          + " known_at BIGINT NOT NULL, place BIGINT NOT NULL, value TEXT NOT NULL,"
                          + " PRIMARY KEY (model, id, known_at, place))"
                          + dialect.keptByPrimaryKey(),
                      "CREATE TABLE period_counts (model BIGINT NOT NULL, version BIGINT NOT NULL,"
                          + " length BIGINT NOT NULL, period BIGINT NOT NULL,"
                          + " outcomes_in BIGINT NOT NULL, counts "
                          + dialect.bytes()
                          + " NOT NULL, PRIMARY KEY (model, version, length, period))",
                      "CREATE TABLE evaluated_window (model BIGINT NOT NULL,"
                          + " length BIGINT NOT NULL, period BIGINT NOT NULL,"
                          + " outcomes_in BIGINT NOT NULL, evaluated_at BIGINT NOT NULL,"
                          + " PRIMARY KEY (model, length, period, outcomes_in))"
                          + dialect.keptByPrimaryKey(),
                      "CREATE TABLE alert (seq "
                          + dialect.identity()
                          + ", model BIGINT NOT NULL, id TEXT NOT NULL, version BIGINT NOT NULL,"
                          + " versions TEXT NOT NULL, kind TEXT NOT NULL, column_name TEXT NOT"
                          + " NULL, start_at BIGINT NOT NULL, end_at BIGINT NOT NULL, first_end"
                          + " BIGINT NOT NULL, repeats BIGINT NOT NULL, raised_at BIGINT NOT NULL,"
                          + " aspect TEXT, category TEXT, effect BIGINT NOT NULL, p BIGINT NOT"
                          + " NULL, q BIGINT NOT NULL, reference_rows BIGINT NOT NULL, window_rows"
                          + " BIGINT NOT NULL, words TEXT NOT NULL, delivered BIGINT NOT NULL,"
                          + " UNIQUE (model, id))",
                      "CREATE TABLE retraining (seq "
                          + dialect.identity()
                          + ", model BIGINT NOT NULL, id TEXT NOT NULL, alert_id TEXT NOT NULL,"
                          + " state TEXT NOT NULL, owner TEXT NOT NULL, triggered_at BIGINT NOT"
                          + " NULL, ended_at BIGINT, result TEXT, UNIQUE (model, id))")),
          // A table more does not disturb libraries that do not know it.
          new Migration(
              2,
              1,
              dialect ->
                  List.of(
                      "CREATE TABLE logged_request (model BIGINT NOT NULL, id "
                          + dialect.orderedText()
                          + " NOT NULL, known_at BIGINT NOT NULL, request "
                          + dialect.bytes()
                          + " NOT NULL, PRIMARY KEY (model, id))")),
          // Null in rows of libraries that do not know it.
          new Migration(
              3,
              1,
              dialect ->
                  List.of("ALTER TABLE logged_request ADD COLUMN lookups " + dialect.bytes())),
          // Null in rows of libraries that do not know them, which write a row for alerts only and
          // leave rows without an alert alone.
          new Migration(
              4,
              1,
              dialect ->
                  List.of(
                      "ALTER TABLE retraining ADD COLUMN why TEXT",
                      "ALTER TABLE retraining ADD COLUMN from_at BIGINT",
                      "CREATE TABLE retraining_policy (model BIGINT NOT NULL PRIMARY KEY,"
                          + " since BIGINT NOT NULL)")),
          // Null in rows of libraries that do not know them: those are held while the process
          // that runs them lives on the same host.
          new Migration(
              5,
              1,
              dialect ->
                  List.of(
                      "ALTER TABLE retraining ADD COLUMN token BIGINT",
                      "ALTER TABLE retraining ADD COLUMN lease_until BIGINT",
                      "ALTER TABLE retraining ADD COLUMN run_id TEXT")),
          // Older libraries would not know the kinds of the alerts of rules.
          new Migration(
              6,
              6,
              dialect ->
                  List.of(
                      "ALTER TABLE prediction ADD COLUMN arm TEXT",
                      "ALTER TABLE prediction ADD COLUMN nanos BIGINT",
                      "CREATE TABLE failure (model BIGINT NOT NULL, second BIGINT NOT NULL,"
                          + " failures BIGINT NOT NULL, PRIMARY KEY (model, second))"
                          + dialect.keptByPrimaryKey(),
                      "CREATE TABLE changed_window (model BIGINT NOT NULL, length BIGINT NOT NULL,"
                          + " period BIGINT NOT NULL, changes BIGINT NOT NULL,"
                          + " PRIMARY KEY (model, length, period))"
                          + dialect.keptByPrimaryKey(),
                      "CREATE TABLE feature_counts (model BIGINT NOT NULL,"
                          + " version BIGINT NOT NULL, length BIGINT NOT NULL,"
                          + " period BIGINT NOT NULL, counts "
                          + dialect.bytes()
                          + " NOT NULL, PRIMARY KEY (model, version, length, period))",
                      "CREATE TABLE window_metric (model BIGINT NOT NULL, length BIGINT NOT NULL,"
                          + " period BIGINT NOT NULL, name TEXT NOT NULL, value BIGINT NOT NULL,"
                          + " lower_end BIGINT NOT NULL, upper_end BIGINT NOT NULL,"
                          + " row_count BIGINT NOT NULL, PRIMARY KEY (model, length, period, name))"
                          + dialect.keptByPrimaryKey(),
                      "CREATE TABLE rule_state (model BIGINT NOT NULL, rule TEXT NOT NULL,"
                          + " subject TEXT NOT NULL, length BIGINT NOT NULL,"
                          + " period BIGINT NOT NULL, streak BIGINT NOT NULL, alert_id TEXT,"
                          + " told_at BIGINT, PRIMARY KEY (model, rule, subject, length))"
                          + dialect.keptByPrimaryKey(),
                      "CREATE TABLE alert_silence (model BIGINT NOT NULL, rule TEXT NOT NULL,"
                          + " until_at BIGINT NOT NULL, reason TEXT NOT NULL,"
                          + " PRIMARY KEY (model, rule))"
                          + dialect.keptByPrimaryKey(),
                      "ALTER TABLE alert ADD COLUMN rule TEXT",
                      "ALTER TABLE alert ADD COLUMN severity TEXT",
                      "ALTER TABLE alert ADD COLUMN resolved_at BIGINT",
                      "ALTER TABLE alert ADD COLUMN resolution_told BIGINT",
                      "ALTER TABLE alert ADD COLUMN not_before BIGINT",
                      "ALTER TABLE alert ADD COLUMN delivery_until BIGINT")),
          // Older libraries would take what one monitor of a model evaluated for that of another.
          new Migration(
              7,
              7,
              dialect ->
                  List.of(
                      "CREATE TABLE window_evaluation (model BIGINT NOT NULL,"
                          + " length BIGINT NOT NULL, reference TEXT NOT NULL,"
                          + " period BIGINT NOT NULL, outcomes_in BIGINT NOT NULL,"
                          + " evaluated_at BIGINT NOT NULL, version BIGINT,"
                          + " PRIMARY KEY (model, length, reference, period, outcomes_in))"
                          + dialect.keptByPrimaryKey(),
                      "INSERT INTO window_evaluation (model, length, reference, period,"
                          + " outcomes_in, evaluated_at) SELECT model, length, '', period,"
                          + " outcomes_in, evaluated_at FROM evaluated_window",
                      "DROP TABLE evaluated_window",
                      "CREATE TABLE rule_memory (model BIGINT NOT NULL, reference TEXT NOT NULL,"
                          + " rule TEXT NOT NULL, subject TEXT NOT NULL, length BIGINT NOT NULL,"
                          + " period BIGINT NOT NULL, streak BIGINT NOT NULL, alert_id TEXT,"
                          + " told_at BIGINT, PRIMARY KEY (model, reference, rule, subject,"
                          + " length))"
                          + dialect.keptByPrimaryKey(),
                      "INSERT INTO rule_memory (model, reference, rule, subject, length, period,"
                          + " streak, alert_id, told_at) SELECT model, '', rule, subject, length,"
                          + " period, streak, alert_id, told_at FROM rule_state",
                      "DROP TABLE rule_state",
                      "ALTER TABLE alert ADD COLUMN reference TEXT",
                      "ALTER TABLE alert ADD COLUMN length BIGINT")),
          // A table more does not disturb libraries that do not know it: they tell all sinks again.
          new Migration(
              8,
              7,
              dialect ->
                  List.of(
                      "CREATE TABLE alert_delivery (model BIGINT NOT NULL, alert TEXT NOT NULL,"
                          + " sink TEXT NOT NULL, repeats BIGINT NOT NULL,"
                          + " resolved BIGINT NOT NULL, PRIMARY KEY (model, alert, sink))"
                          + dialect.keptByPrimaryKey())),
          // Null in rows of libraries that do not count them: that is none.
          new Migration(
              9, 7, dialect -> List.of("ALTER TABLE retraining ADD COLUMN attempts BIGINT")),
          // Older libraries go on to mark late changes by their own grace, and to count failures
          // by the second, which is counted too.
          new Migration(
              10,
              7,
              dialect ->
                  List.of(
                      "ALTER TABLE monitored_model ADD COLUMN removed_before BIGINT",
                      "CREATE TABLE outcomes_due (model BIGINT NOT NULL, length BIGINT NOT NULL,"
                          + " period BIGINT NOT NULL, PRIMARY KEY (model, length))"
                          + dialect.keptByPrimaryKey(),
                      "INSERT INTO outcomes_due (model, length, period) SELECT model, length,"
                          + " MAX(period) FROM window_evaluation WHERE outcomes_in = 1"
                          + " GROUP BY model, length",
                      "CREATE TABLE failed_request (model BIGINT NOT NULL, id "
                          + dialect.orderedText()
                          + " NOT NULL, failed_at BIGINT NOT NULL, PRIMARY KEY (model, id))"
                          + dialect.keptByPrimaryKey(),
                      "CREATE INDEX failed_request_by_time ON failed_request"
                          + " (model, failed_at)")),
          // Null in rows of libraries that do not know it, and where nothing was said again.
          new Migration(
              11, 7, dialect -> List.of("ALTER TABLE outcome ADD COLUMN confirmed_at BIGINT")),
          // Null in rows of libraries that do not know it, which keep what they have.
          new Migration(
              12,
              7,
              dialect -> List.of("ALTER TABLE period_counts ADD COLUMN pairs_removed BIGINT")));

  private JdbcMonitoringSchema() {}

  /** The database with these tables. */
  static Database over(Database database) {
    return database.withSchema("monitoring", STEPS);
  }

  /** The rows of one model. */
  record Model(Database database, String name) {

    /** Does something with the number of the model, or 0 if nothing of it is stored yet. */
    <R> R read(Work<R> work) {
      return database.read(tx -> work.run(tx, number(tx)));
    }

    /**
     * Does something with the number of the model, in one transaction, while nobody else writes
     * anything of the model: outcomes are numbered, alerts repeated and retrainings begun by what
     * is there already.
     */
    <R> R write(Work<R> work) {
      return database.write(
          tx -> {
            tx.lock("monitored model " + name);
            long number = number(tx);
            if (number == 0) {
              tx.update("INSERT INTO monitored_model (name) VALUES (?)", name);
              number = number(tx);
            }
            return work.run(tx, number);
          });
    }

    /**
     * The number that a query has in its first row; empty if there is no row, or null in it.
     *
     * @param more its arguments after the first, which is the model
     */
    OptionalLong number(String sql, Object... more) {
      @Nullable Object[] args = new @Nullable Object[more.length + 1];
      System.arraycopy(more, 0, args, 1, more.length);
      return read(
          (tx, number) -> {
            args[0] = number;
            return tx.first(
                    sql,
                    row -> {
                      long value = row.getLong(1);
                      return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
                    },
                    args)
                .orElse(OptionalLong.empty());
          });
    }

    private long number(Transaction tx) throws SQLException {
      return tx.first("SELECT id FROM monitored_model WHERE name = ?", row -> row.getLong(1), name)
          .orElse(0L);
    }

    /** Work in a transaction. */
    @FunctionalInterface
    interface Work<R> {
      R run(Transaction tx, long model) throws SQLException;
    }
  }
}
