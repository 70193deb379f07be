package dev.mlops4j.storage;

import java.sql.SQLException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** One component's schema: brings the database up to date once, before its first use. */
final class Schema {

  /**
   * What stands for the oldest reader while a copy is under way, so that older libraries keep away
   * as well.
   */
  static final int UNFINISHED_COPY = Integer.MAX_VALUE;

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
    checkFinished(engine, component, found);
    if (found.version < steps.size()) {
      if (!mayMigrate) {
        throw new SchemaTooOldException(engine.toString(), component, found.version, steps.size());
      }
      found = engine.write(tx -> migrate(tx, engine));
      checkFinished(engine, component, found);
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
    lock(tx, engine);
    Found found = find(tx, engine.dialect());
    if (found.version >= steps.size() || found.oldestReader == UNFINISHED_COPY) {
      return found;
    }
    int oldestReader = Math.max(found.oldestReader, make(tx, engine, found.version, steps.size()));
    note(tx, component, new Found(steps.size(), oldestReader));
    return new Found(steps.size(), oldestReader);
  }

  /** Makes the table of versions if it is not there, and keeps others from changing them. */
  static void lock(Transaction tx, Engine engine) throws SQLException {
    tx.lock(TABLE_NAME);
    if (tx.first(engine.dialect().findTable(), row -> true, TABLE_NAME).isEmpty()) {
      if (!engine.makePlace().isEmpty()) {
        tx.update(engine.makePlace());
      }
      tx.update(TABLE);
    }
  }

  /** Takes the steps between two versions, and tells the oldest reader of them. */
  int make(Transaction tx, Engine engine, int from, int to) throws SQLException {
    int oldestReader = 0;
    for (Migration step : steps.subList(from, to)) {
      for (String statement : step.statements().apply(engine.dialect())) {
        tx.update(statement);
      }
      oldestReader = Math.max(oldestReader, step.oldestReader());
    }
    return oldestReader;
  }

  static void note(Transaction tx, String component, Found found) throws SQLException {
    tx.update(INSERT + "(?, ?, ?)" + OR_UPDATE, component, found.version, found.oldestReader);
  }

  /** What is there of every component. */
  static SortedMap<String, Found> all(Transaction tx, Dialect dialect) throws SQLException {
    SortedMap<String, Found> all = new TreeMap<>();
    if (tx.first(dialect.findTable(), row -> true, TABLE_NAME).isPresent()) {
      tx.scan(
          "SELECT component, version, oldest_reader FROM mlops_schema",
          row -> {
            all.put(row.getString(1), new Found(row.getInt(2), row.getInt(3)));
            return true;
          });
    }
    return all;
  }

  static void checkFinished(Engine engine, String component, Found found) {
    if (found.oldestReader == UNFINISHED_COPY) {
      throw new UnfinishedCopyException(engine.toString(), component);
    }
  }

  /** The greatest version that this library knows. */
  int known() {
    return steps.size();
  }

  /** The tables of a version. */
  List<TableLayout> tables(int version) {
    return TableLayout.of(steps.subList(0, version));
  }

  /**
   * What is there of a component.
   *
   * @param version the last step taken, 0 if there is nothing
   * @param oldestReader how many steps a library must know
   */
  record Found(int version, int oldestReader) {
    static final Found NOTHING = new Found(0, 0);
  }
}
