package dev.mlops4j.storage;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;

/** One component's schema: brings the database up to date once, before its first use. */
final class Schema {

  private static final String TABLE =
      "CREATE TABLE IF NOT EXISTS mlops_schema ("
          + "component TEXT PRIMARY KEY, version INTEGER NOT NULL, oldest_reader INTEGER NOT NULL)";

  private final String component;
  private final List<Migration> steps;
  private volatile boolean ready;

  Schema(String component, List<Migration> steps) {
    this.component = component;
    this.steps = List.copyOf(steps);
    for (int i = 0; i < this.steps.size(); i++) {
      if (this.steps.get(i).version() != i + 1) {
        throw new IllegalArgumentException(
            "the steps of "
                + component
                + " are numbered 1, 2, 3 ...; found "
                + this.steps.get(i).version()
                + " in place "
                + (i + 1));
      }
    }
  }

  void prepare(Path file, Dialect dialect, Readers readers, Writer writer) {
    if (ready) {
      return;
    }
    writer.checkNotWriting();
    Found found = readers.run(this::find);
    if (found.version < steps.size()) {
      found = writer.run(tx -> migrate(tx, dialect));
    }
    if (found.oldestReader > steps.size()) {
      throw new SchemaTooNewException(
          file.toString(), component, found.version, steps.size(), found.oldestReader);
    }
    ready = true;
  }

  private Found find(Transaction tx) throws SQLException {
    boolean any =
        tx.first(
                "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'mlops_schema'",
                row -> true)
            .isPresent();
    return any
        ? tx.first(
                "SELECT version, oldest_reader FROM mlops_schema WHERE component = ?",
                row -> new Found(row.getInt(1), row.getInt(2)),
                component)
            .orElse(Found.NOTHING)
        : Found.NOTHING;
  }

  /** Looks again, because another process may have been faster, and takes the steps that lack. */
  private Found migrate(Transaction tx, Dialect dialect) throws SQLException {
    tx.update(TABLE);
    Found found = find(tx);
    int oldestReader = found.oldestReader;
    for (int i = found.version; i < steps.size(); i++) {
      Migration step = steps.get(i);
      for (String statement : step.statements().apply(dialect)) {
        tx.update(statement);
      }
      oldestReader = Math.max(oldestReader, step.oldestReader());
    }
    if (found.version >= steps.size()) {
      return found;
    }
    tx.update(
        "INSERT INTO mlops_schema (component, version, oldest_reader) VALUES (?, ?, ?)"
            + " ON CONFLICT (component) DO UPDATE SET"
            + " version = excluded.version, oldest_reader = excluded.oldest_reader",
        component,
        steps.size(),
        oldestReader);
    return new Found(steps.size(), oldestReader);
  }

  private record Found(int version, int oldestReader) {
    static final Found NOTHING = new Found(0, 0);
  }
}
