package dev.mlops4j.workspace;

import dev.mlops4j.Digest;
import dev.mlops4j.storage.Database;
import dev.mlops4j.storage.SchemaTooOldException;
import dev.mlops4j.storage.Transaction;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who refers to artifacts. Every component whose tables have digests of artifacts in them leaves a
 * view of the name {@code artifact_reference_COMPONENT} beside them, with the columns {@code
 * digest} and {@code tree}, 1 for a tree and 0 for a file; a row may be there more than once. So a
 * program that has never heard of a component still sees to what it refers.
 */
final class JdbcArtifactReferences {

  private static final String PREFIX = "artifact_reference_";

  /** Components that had tables before there were views, with the step that makes the view. */
  private static final Map<String, Integer> STEPS_WITH_VIEW = Map.of("tracking", 3, "registry", 4);

  private static final String SCHEMAS = "mlops_schema";

  private final Database database;

  JdbcArtifactReferences(Database database) {
    this.database = database;
  }

  /**
   * Shows all references, of one moment and in constant memory.
   *
   * @throws SchemaTooOldException if a component has not left its view yet
   */
  void scan(Visitor visitor) {
    database.read(
        tx -> {
          Collection<String> views = views(tx);
          checkComplete(tx, views);
          for (String view : views) {
            tx.scan(
                "SELECT digest, tree FROM " + view,
                row -> {
                  visitor.refersTo(new Digest(row.getString(1)), row.getInt(2) != 0);
                  return true;
                });
          }
          return true;
        });
  }

  private Collection<String> views(Transaction tx) throws SQLException {
    Collection<String> views = new TreeSet<>();
    for (String view : tx.query(database.dialect().listViews(), row -> row.getString(1))) {
      if (view.startsWith(PREFIX)
          && view.chars().allMatch(c -> c == '_' || (c >= 'a' && c <= 'z'))) {
        views.add(view);
      }
    }
    return views;
  }

  /** What a view that is not there would show must not be taken for garbage. */
  private void checkComplete(Transaction tx, Collection<String> views) throws SQLException {
    if (tx.first(database.dialect().findTable(), row -> true, SCHEMAS).isEmpty()) {
      return;
    }
    Map<String, Integer> versions = new TreeMap<>();
    tx.scan(
        "SELECT component, version FROM " + SCHEMAS,
        row -> {
          versions.put(row.getString(1), row.getInt(2));
          return true;
        });
    versions.forEach(
        (component, version) -> {
          Integer needed = STEPS_WITH_VIEW.get(component);
          if (needed != null && !views.contains(PREFIX + component)) {
            throw new SchemaTooOldException(database.toString(), component, version, needed);
          }
        });
  }

  /** Sees references one by one. */
  @FunctionalInterface
  interface Visitor {
    void refersTo(Digest digest, boolean tree);
  }
}
