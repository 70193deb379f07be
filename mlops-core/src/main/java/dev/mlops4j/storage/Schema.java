package dev.mlops4j.storage;

import java.sql.SQLException;
import java.util.List;

/** One component's schema: brings the database up to date once, before its first use. */
final class Schema {

  private static final String TABLE_NAME = "mlops_schema";
  private static final String TABLE =
      "CREATE TABLE IF NOT EXISTS "
          + TABLE_NAME
          + " (component TEXT PRIMARY KEY, version INTEGER NOT NULL,"
          + " oldest_reader INTEGER NOT NULL)";
  private static final String INSERT =
      "INSERT INTO mlops_schema (component, version, oldest_reader) VALUES ";
  private static final String OR_UPDATE =
      " ON CONFLICT (component) DO UPDATE SET"
          + " version = excluded.version, oldest_reader = excluded.oldest_reader";

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

  String component() {
    return component;
  }

  /** Whichever knows more steps. */
  Schema orNewer(Schema other) {
    return other.steps.size() > steps.size() ? other : this;
  }

  /** Sees to it that the tables are as this library needs them. */
  void prepare(Engine engine, boolean mayMigrate) {
    if (ready) {
      return;
    }
    engine.checkNotWriting();
    Found found = engine.read(tx -> find(tx, engine.dialect()));
    if (found.version < steps.size()) {
      if (!mayMigrate) {
        throw new SchemaTooOldException(engine.toString(), component, found.version, steps.size());
      }
      found = engine.write(tx -> migrate(tx, engine));
    }
    if (found.oldestReader > steps.size()) {
      throw new SchemaTooNewException(
          engine.toString(), component, found.version, steps.size(), found.oldestReader);
    }
    ready = true;
  }

  /**
   * All steps as a script, each a transaction of its own, so that the later ones can be run alone.
   */
  String script(Engine engine) {
    StringBuilder script = new StringBuilder();
    int oldestReader = 0;
    for (Migration step : steps) {
      oldestReader = Math.max(oldestReader, step.oldestReader());
      script.append("-- ").append(component).append(", step ").append(step.version()).append('\n');
      script.append(engine.beginOfScript());
      if (step.version() == 1) {
        if (!engine.makePlace().isEmpty()) {
          script.append(engine.makePlace()).append(";\n");
        }
        script.append(TABLE).append(";\n");
      }
      for (String statement : step.statements().apply(engine.dialect())) {
        script.append(statement).append(";\n");
      }
      script.append(INSERT).append("('").append(component.replace("'", "''")).append("', ");
      script.append(step.version()).append(", ").append(oldestReader).append(')');
      script.append(OR_UPDATE).append(";\nCOMMIT;\n");
    }
    return script.toString();
  }

  private Found find(Transaction tx, Dialect dialect) throws SQLException {
    return tx.first(dialect.findTable(), row -> true, TABLE_NAME).isPresent()
        ? tx.first(
                "SELECT version, oldest_reader FROM mlops_schema WHERE component = ?",
                row -> new Found(row.getInt(1), row.getInt(2)),
                component)
            .orElse(Found.NOTHING)
        : Found.NOTHING;
  }

  /** Looks again, because another process may have been faster, and takes the steps that lack. */
  private Found migrate(Transaction tx, Engine engine) throws SQLException {
    tx.lock(TABLE_NAME);
    if (tx.first(engine.dialect().findTable(), row -> true, TABLE_NAME).isEmpty()) {
      if (!engine.makePlace().isEmpty()) {
        tx.update(engine.makePlace());
      }
      tx.update(TABLE);
    }
    Found found = find(tx, engine.dialect());
    int oldestReader = found.oldestReader;
    for (int i = found.version; i < steps.size(); i++) {
      Migration step = steps.get(i);
      for (String statement : step.statements().apply(engine.dialect())) {
        tx.update(statement);
      }
      oldestReader = Math.max(oldestReader, step.oldestReader());
    }
    if (found.version >= steps.size()) {
      return found;
    }
    tx.update(INSERT + "(?, ?, ?)" + OR_UPDATE, component, steps.size(), oldestReader);
    return new Found(steps.size(), oldestReader);
  }

  private record Found(int version, int oldestReader) {
    static final Found NOTHING = new Found(0, 0);
  }
}
