package dev.mlops4j.feature;

import dev.mlops4j.storage.Dialect;
import dev.mlops4j.storage.Migration;
import java.util.List;

/** The tables of {@link JdbcOnlineStore}. Times are microseconds since the epoch. */
final class JdbcFeatureSchema {

  static final List<Migration> STEPS = List.of(new Migration(1, 1, JdbcFeatureSchema::first));

  private JdbcFeatureSchema() {}

  private static List<String> first(Dialect dialect) {
    return List.of(
        "CREATE TABLE feature_view (number "
            + dialect.identity()
            + ", name "
            + dialect.orderedText()
            + " NOT NULL, fingerprint TEXT NOT NULL, definition TEXT NOT NULL,"
            + " changes BIGINT NOT NULL, version BIGINT, registered BIGINT, description TEXT,"
            + " owner TEXT, tags TEXT, materialized BIGINT, UNIQUE (name, fingerprint),"
            + " UNIQUE (name, version))",
        // See EventPlace.
        "CREATE TABLE feature_event (place "
            + dialect.bytes()
            + " NOT NULL PRIMARY KEY, event_time BIGINT NOT NULL, content "
            + dialect.bytes()
            + " NOT NULL, stated_id "
            + dialect.bytes()
            + ")"
            + dialect.keptByPrimaryKey(),
        // An id that is not stated is made of the event or its source: the primary key finds it.
        "CREATE UNIQUE INDEX feature_event_id ON feature_event (stated_id)"
            + " WHERE stated_id IS NOT NULL",
        "CREATE TABLE feature_entity (view BIGINT NOT NULL, entity "
            + dialect.bytes()
            + " NOT NULL, changes BIGINT NOT NULL, horizon BIGINT NOT NULL,"
            + " PRIMARY KEY (view, entity))"
            + dialect.keptByPrimaryKey(),
        "CREATE TABLE feature_set (name "
            + dialect.orderedText()
            + " NOT NULL, version BIGINT NOT NULL, fingerprint TEXT NOT NULL,"
            + " definition TEXT NOT NULL, views TEXT NOT NULL, registered BIGINT NOT NULL,"
            + " description TEXT NOT NULL, owner TEXT NOT NULL, PRIMARY KEY (name, version))",
        "CREATE TABLE feature_erasure (number "
            + dialect.identity()
            + ", view BIGINT NOT NULL, entity_digest TEXT NOT NULL, erased BIGINT NOT NULL,"
            + " events BIGINT NOT NULL)");
  }
}
