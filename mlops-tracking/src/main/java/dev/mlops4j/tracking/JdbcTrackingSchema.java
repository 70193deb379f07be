package dev.mlops4j.tracking;

import dev.mlops4j.storage.Dialect;
import dev.mlops4j.storage.Migration;
import java.util.List;

/**
 * The tables of {@link JdbcTrackingStore}. Times are microseconds since the epoch. A null in a
 * metric's value is NaN, which SQLite cannot hold.
 */
final class JdbcTrackingSchema {

  static final String COMPONENT = "tracking";

  /**
   * A library that knows the first step alone takes deleted runs for what they were, one that knows
   * three takes KILLED runs for FAILED.
   */
  static final List<Migration> STEPS =
      List.of(
          new Migration(1, 1, JdbcTrackingSchema::first),
          new Migration(2, 1, JdbcTrackingSchema::second),
          new Migration(3, 1, JdbcTrackingSchema::artifactReferences),
          new Migration(4, 1, JdbcTrackingSchema::families),
          new Migration(5, 1, JdbcTrackingSchema::datasetDetails),
          new Migration(6, 1, JdbcTrackingSchema::metricWriters));

  private JdbcTrackingSchema() {}

  /** As much of a param's or tag's value as its index has; an index cannot hold the longest. */
  static String prefix(String value) {
    return "substr(" + value + ", 1, " + Order.TEXT_LENGTH + ")";
  }

  private static List<String> first(Dialect dialect) {
    return List.of(
        "CREATE TABLE run (no "
            + dialect.identity()
            + ", id TEXT NOT NULL UNIQUE, experiment TEXT NOT NULL, name TEXT NOT NULL,"
            + " status TEXT NOT NULL, started_at BIGINT NOT NULL, seen_at BIGINT NOT NULL,"
            + " ended_at BIGINT, failure TEXT, host TEXT NOT NULL, process_space TEXT NOT NULL,"
            + " pid BIGINT NOT NULL, process_started TEXT NOT NULL, environment TEXT NOT NULL)",
        "CREATE INDEX run_by_experiment ON run (experiment, started_at, no)",
        "CREATE TABLE run_environment (digest TEXT NOT NULL, entry TEXT NOT NULL,"
            + " value TEXT NOT NULL, PRIMARY KEY (digest, entry))",
        "CREATE TABLE run_param (run_no BIGINT NOT NULL REFERENCES run (no),"
            + " param TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (run_no, param))",
        "CREATE TABLE run_tag (run_no BIGINT NOT NULL REFERENCES run (no),"
            + " tag TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (run_no, tag))",
        "CREATE TABLE run_dataset (no "
            + dialect.identity()
            + ", run_no BIGINT NOT NULL REFERENCES run (no), name TEXT NOT NULL,"
            + " role TEXT NOT NULL, digest TEXT NOT NULL, row_count BIGINT NOT NULL,"
            + " UNIQUE (run_no, name, role, digest, row_count))",
        "CREATE TABLE run_artifact (run_no BIGINT NOT NULL REFERENCES run (no),"
            + " path TEXT NOT NULL, kind TEXT NOT NULL, digest TEXT NOT NULL,"
            + " bytes BIGINT NOT NULL, PRIMARY KEY (run_no, path))",
        "CREATE TABLE metric (no "
            + dialect.identity()
            + ", run_no BIGINT NOT NULL REFERENCES run (no), metric TEXT NOT NULL,"
            + " points BIGINT NOT NULL, latest_step BIGINT NOT NULL, latest_at BIGINT NOT NULL,"
            + " latest_value DOUBLE PRECISION, UNIQUE (run_no, metric))",
        "CREATE TABLE metric_point (metric_no BIGINT NOT NULL REFERENCES metric (no),"
            + " position BIGINT NOT NULL, step BIGINT NOT NULL, at BIGINT NOT NULL,"
            + " value DOUBLE PRECISION, PRIMARY KEY (metric_no, position))"
            + dialect.keptByPrimaryKey());
  }

  private static List<String> second(Dialect dialect) {
    String prefix = "(" + dialect.ordered(prefix("value")) + ")";
    return List.of(
        "ALTER TABLE run ADD COLUMN deleted_at BIGINT",
        "CREATE INDEX run_deleted ON run (deleted_at, no) WHERE deleted_at IS NOT NULL",
        "CREATE INDEX run_running ON run (seen_at) WHERE status = 'RUNNING'",
        "CREATE INDEX run_by_start ON run (started_at, no)",
        "CREATE INDEX metric_by_value ON metric (metric, latest_value, run_no)",
        "CREATE INDEX run_param_by_value ON run_param (param, " + prefix + ", run_no)",
        "CREATE INDEX run_tag_by_value ON run_tag (tag, " + prefix + ", run_no)");
  }

  /** What a collection of garbage among the artifacts must leave. */
  private static List<String> artifactReferences(Dialect dialect) {
    return List.of(
        "CREATE VIEW artifact_reference_tracking AS SELECT digest,"
            + " CASE kind WHEN 'MODEL' THEN 1 ELSE 0 END AS tree FROM run_artifact");
  }

  /**
   * Parents, notes, and what happened to a run before it was resumed. A KILLED run has the status
   * FAILED and 1 in {@code killed}, so that older libraries can read it.
   */
  private static List<String> families(Dialect dialect) {
    return List.of(
        "ALTER TABLE run ADD COLUMN parent_id TEXT",
        "ALTER TABLE run ADD COLUMN notes TEXT",
        "ALTER TABLE run ADD COLUMN killed BIGINT",
        "CREATE INDEX run_by_parent ON run (parent_id, started_at, no)"
            + " WHERE parent_id IS NOT NULL",
        // Cascades for the purge of an older library, which does not know of this table.
        "CREATE TABLE run_resume (run_no BIGINT NOT NULL REFERENCES run (no) ON DELETE CASCADE,"
            + " position BIGINT NOT NULL, at BIGINT NOT NULL, status TEXT NOT NULL,"
            + " failure TEXT, environment TEXT NOT NULL, PRIMARY KEY (run_no, position))");
  }

  /** The columns of a dataset as {@code Schema.toJson()}; null if not known, as of older runs. */
  private static List<String> datasetDetails(Dialect dialect) {
    return List.of(
        "ALTER TABLE run_dataset ADD COLUMN schema_json TEXT",
        "ALTER TABLE run_dataset ADD COLUMN source TEXT");
  }

  /** How many points each writer has written to a run, so that a write may be repeated. */
  private static List<String> metricWriters(Dialect dialect) {
    return List.of(
        // Cascades for the purge of an older library, which does not know of this table.
        "CREATE TABLE run_metric_writer (run_no BIGINT NOT NULL REFERENCES run (no)"
            + " ON DELETE CASCADE, writer TEXT NOT NULL, taken BIGINT NOT NULL,"
            + " PRIMARY KEY (run_no, writer))"
            + dialect.keptByPrimaryKey());
  }
}
