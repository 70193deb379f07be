package dev.mlops4j.registry;

import dev.mlops4j.storage.Dialect;
import dev.mlops4j.storage.Migration;
import java.util.List;

/** The tables of {@link JdbcRegistryStore}. Times are microseconds since the epoch. */
final class JdbcRegistrySchema {

  static final String COMPONENT = "registry";

  static final List<Migration> STEPS =
      List.of(
          new Migration(1, 1, JdbcRegistrySchema::first),
          new Migration(2, 1, JdbcRegistrySchema::followersOfAliases),
          new Migration(3, 1, JdbcRegistrySchema::whatIsKnownOfModels),
          new Migration(4, 1, JdbcRegistrySchema::artifactReferences),
          new Migration(5, 1, JdbcRegistrySchema::datasetDetails),
          new Migration(6, 1, JdbcRegistrySchema::gates));

  private JdbcRegistrySchema() {}

  private static List<String> first(Dialect dialect) {
    return List.of(
        "CREATE TABLE model (no "
            + dialect.identity()
            + ", name TEXT NOT NULL UNIQUE, last_number INTEGER NOT NULL,"
            + " changes BIGINT NOT NULL)",
        "CREATE TABLE model_version (model_no BIGINT NOT NULL REFERENCES model (no),"
            + " number INTEGER NOT NULL, stage TEXT NOT NULL, moved_in BIGINT NOT NULL,"
            + " package_digest TEXT NOT NULL, format TEXT NOT NULL, feature_set TEXT NOT NULL,"
            + " feature_fingerprint TEXT, run_id TEXT, registered_at BIGINT NOT NULL,"
            + " PRIMARY KEY (model_no, number))",
        "CREATE INDEX model_version_by_stage ON model_version (model_no, stage, moved_in)",
        "CREATE INDEX model_version_by_package ON model_version (model_no, package_digest)",
        "CREATE TABLE model_alias (model_no BIGINT NOT NULL REFERENCES model (no),"
            + " alias TEXT NOT NULL, version INTEGER NOT NULL, PRIMARY KEY (model_no, alias))",
        "CREATE TABLE model_history (model_no BIGINT NOT NULL REFERENCES model (no),"
            + " sequence BIGINT NOT NULL, version INTEGER, from_stage TEXT, to_stage TEXT,"
            + " cause TEXT, alias TEXT, from_version INTEGER, to_version INTEGER,"
            + " at BIGINT NOT NULL, changed_by TEXT NOT NULL, reason TEXT NOT NULL,"
            + " PRIMARY KEY (model_no, sequence))",
        "CREATE TABLE follower (id "
            + dialect.orderedText()
            + " NOT NULL PRIMARY KEY, name TEXT NOT NULL,"
            + " model TEXT NOT NULL, stage TEXT NOT NULL, host TEXT NOT NULL,"
            + " process_space TEXT NOT NULL, pid BIGINT NOT NULL, process_started TEXT NOT NULL,"
            + " any_features INTEGER NOT NULL, any_format INTEGER NOT NULL,"
            + " started_at BIGINT NOT NULL, seen_at BIGINT NOT NULL, loaded INTEGER)",
        "CREATE INDEX follower_by_model ON follower (model, started_at)",
        "CREATE TABLE follower_capability (follower_id TEXT NOT NULL, kind TEXT NOT NULL,"
            + " value TEXT NOT NULL, PRIMARY KEY (follower_id, kind, value))");
  }

  private static List<String> followersOfAliases(Dialect dialect) {
    return List.of("ALTER TABLE follower ADD COLUMN alias TEXT");
  }

  /**
   * A library of step 2 does not see deleted versions, which lie in a table of their own, and reads
   * a deletion in the history as a change that changes nothing.
   */
  private static List<String> whatIsKnownOfModels(Dialect dialect) {
    return List.of(
        "ALTER TABLE model ADD COLUMN description TEXT",
        "ALTER TABLE model ADD COLUMN owner TEXT",
        "CREATE TABLE model_tag (model_no BIGINT NOT NULL REFERENCES model (no),"
            + " name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (model_no, name))",
        "CREATE TABLE model_version_fact (model_no BIGINT NOT NULL REFERENCES model (no),"
            + " number INTEGER NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,"
            + " value TEXT NOT NULL, PRIMARY KEY (model_no, number, kind, name))",
        "CREATE TABLE model_version_dataset (model_no BIGINT NOT NULL REFERENCES model (no),"
            + " number INTEGER NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL,"
            + " role TEXT NOT NULL, digest TEXT NOT NULL, row_count BIGINT NOT NULL,"
            + " PRIMARY KEY (model_no, number, position))",
        "CREATE TABLE model_version_deleted (model_no BIGINT NOT NULL REFERENCES model (no),"
            + " number INTEGER NOT NULL, stage TEXT NOT NULL, package_digest TEXT NOT NULL,"
            + " format TEXT NOT NULL, feature_set TEXT NOT NULL, feature_fingerprint TEXT,"
            + " run_id TEXT, registered_at BIGINT NOT NULL, PRIMARY KEY (model_no, number))",
        "ALTER TABLE model_history ADD COLUMN event TEXT",
        "ALTER TABLE model_history ADD COLUMN overridden TEXT");
  }

  /** What a collection of garbage among the artifacts must leave. */
  private static List<String> artifactReferences(Dialect dialect) {
    return List.of(
        "CREATE VIEW artifact_reference_registry AS"
            + " SELECT package_digest AS digest, 1 AS tree FROM model_version");
  }

  /** The columns of a dataset as {@code Schema.toJson()}; null if not known. */
  private static List<String> datasetDetails(Dialect dialect) {
    return List.of(
        "ALTER TABLE model_version_dataset ADD COLUMN schema_json TEXT",
        "ALTER TABLE model_version_dataset ADD COLUMN source TEXT");
  }

  /**
   * Of a promotion the gates that were asked, of a requirement those that it names, a line each. An
   * older library reads a requirement as a change that changes nothing.
   */
  private static List<String> gates(Dialect dialect) {
    return List.of("ALTER TABLE model_history ADD COLUMN gates TEXT");
  }
}
