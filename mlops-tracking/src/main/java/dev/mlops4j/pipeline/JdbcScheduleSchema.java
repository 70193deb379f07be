package dev.mlops4j.pipeline;

import dev.mlops4j.storage.Dialect;
import dev.mlops4j.storage.Migration;
import java.util.List;

/** The tables of {@link JdbcScheduleStore}. Times are microseconds since the epoch. */
final class JdbcScheduleSchema {

  static final String COMPONENT = "schedules";

  static final List<Migration> STEPS = List.of(new Migration(1, 1, JdbcScheduleSchema::first));

  private JdbcScheduleSchema() {}

  private static List<String> first(Dialect dialect) {
    return List.of(
        "CREATE TABLE schedule (name "
            + dialect.orderedText()
            + " NOT NULL PRIMARY KEY, timing TEXT NOT NULL, defined_at BIGINT NOT NULL,"
            + " planned_to BIGINT NOT NULL, tokens BIGINT NOT NULL, paused_at BIGINT,"
            + " pause_reason TEXT)",
        "CREATE TABLE firing (no "
            + dialect.identity()
            + ", schedule "
            + dialect.orderedText()
            + " NOT NULL REFERENCES schedule (name), id TEXT NOT NULL, planned_at BIGINT NOT NULL,"
            + " requested BIGINT NOT NULL, state TEXT NOT NULL, passed_over BIGINT NOT NULL,"
            + " attempts BIGINT NOT NULL, token BIGINT NOT NULL, host TEXT, process_space TEXT,"
            + " pid BIGINT, process_started TEXT, lease_until BIGINT, started_at BIGINT,"
            + " ended_at BIGINT, text TEXT, run_id TEXT, UNIQUE (schedule, id))",
        "CREATE INDEX firing_by_schedule ON firing (schedule, no)",
        "CREATE INDEX firing_open ON firing (schedule, no) WHERE ended_at IS NULL");
  }
}
