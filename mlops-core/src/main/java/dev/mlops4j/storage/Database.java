package dev.mlops4j.storage;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A database: transactions over {@code java.sql}, and the schemas of the components that share it.
 *
 * <pre>{@code
 * Database database = Database.sqlite(file, Durability.FULL).withSchema("notes", STEPS);
 * database.write(tx -> tx.update("INSERT INTO note (text) VALUES (?)", "hello"));
 * List<String> notes = database.read(tx -> tx.query("SELECT text FROM note", row -> row.getString(1)));
 * }</pre>
 *
 * <p>Nothing is opened before the first transaction. Safe for any number of threads and processes,
 * on one host with SQLite. An interrupt neither ends a transaction nor is lost.
 */
public final class Database implements AutoCloseable {

  /** How long to wait for another process, each transaction of which is short. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Engine engine;
  private final ConcurrentMap<String, Schema> schemas;
  private final @Nullable Schema schema;
  private final boolean migrates;

  private Database(
      Engine engine,
      ConcurrentMap<String, Schema> schemas,
      @Nullable Schema schema,
      boolean migrates) {
    this.engine = engine;
    this.schemas = schemas;
    this.schema = schema;
    this.migrates = migrates;
  }

  /**
   * A SQLite database in a file on a local disk, in WAL mode. The file is made at the first
   * transaction; its directory must be there then.
   */
  public static Database sqlite(Path file, Durability durability) {
    return sqlite(file, durability, PATIENCE);
  }

  static Database sqlite(Path file, Durability durability, Duration patience) {
    return over(new SqliteEngine(new SqliteFile(file, durability, patience)), true);
  }

  /**
   * A database in one schema of a PostgreSQL server, version 12 or later with the encoding UTF-8.
   * How durable it is, the server's settings say.
   *
   * <p>Each transaction borrows a connection from {@code dataSource}, best a pool, and gives it
   * back as it was; a write in the work of a read takes a second one. All it sets it sets for the
   * transaction alone, so that a pooler that lends server processes by the transaction (PgBouncer)
   * may stand in between. The connections must be nobody else's while they are lent: no data source
   * that takes part in transactions of the caller's. It stays the caller's, also to close.
   *
   * <p>From PostgreSQL 18 on the server tells pgjdbc of every other search path, and pgjdbc then
   * forgets the statements it has prepared. To keep them from one transaction to the next, have the
   * connections begin with the path that the transactions set: {@code currentSchema=mlops,
   * pg_catalog, pg_temp}.
   *
   * <p>Several writers work side by side, and may have their work begun anew: see {@link #write}
   * and {@link Transaction#lock}. Tables are made and changed only when {@link #migrate} says so,
   * unless {@link #migrating} is used: transactions throw {@link SchemaTooOldException} until then.
   * A virtual thread that is interrupted while it waits for the server loses its connection, as the
   * JDK closes the socket; that ends in a {@link StorageException}.
   *
   * @param schema letters (A to Z), digits and underscores; made by {@link #migrate} if it is not
   *     there
   * @throws IllegalArgumentException if {@code schema} is something else
   */
  public static Database postgres(DataSource dataSource, String schema) {
    return postgres(dataSource, schema, PATIENCE);
  }

  static Database postgres(DataSource dataSource, String schema, Duration patience) {
    return over(new PostgresEngine(dataSource, schema, patience), false);
  }

  private static Database over(Engine engine, boolean migrates) {
    return new Database(engine, new ConcurrentHashMap<>(), null, migrates);
  }

  /**
   * The same database with the schema of one component. On SQLite it is brought up to date before
   * the first transaction on what is returned: under a lock, all missing steps in one transaction;
   * on PostgreSQL see {@link #migrate}. Each component has a version of its own and may be used by
   * itself. What is returned shares the connections of this one; closing either closes both.
   *
   * <p>Transactions throw {@link SchemaTooNewException} if the schema was made by a newer library
   * that says that this one must not use it; nothing is changed then.
   *
   * @param component a name, as "tracking"
   * @param steps all steps of the schema that this library knows, numbered from 1
   * @throws IllegalArgumentException if the steps are not numbered 1, 2, 3 ...
   */
  public Database withSchema(String component, List<Migration> steps) {
    Schema known = new Schema(component, steps);
    schemas.merge(component, known, Schema::orNewer);
    return new Database(engine, schemas, known, migrates);
  }

  /**
   * The same database, with every component brought up to date before its first use, as on SQLite.
   * For tests, and for services whose user may create tables.
   */
  public Database migrating() {
    return new Database(engine, schemas, schema, true);
  }

  /**
   * Brings the schemas of all components that use this database, as far as they were opened until
   * now, up to date: each under a lock, all missing steps in one transaction. Does nothing for
   * those that are; several processes may call it at the same time.
   *
   * <pre>{@code
   * Database database = Database.postgres(dataSource, "mlops");
   * RegistryStore registry = new JdbcRegistryStore(database);
   * TrackingStore tracking = new JdbcTrackingStore(database);
   * database.migrate();
   * }</pre>
   *
   * @throws SchemaTooNewException if a component's schema is too new; those before it, in the order
   *     of their names, are up to date then
   * @throws StorageReadOnlyException if the user may not create schemas or tables
   * @throws StorageException if anything else went wrong with the database
   */
  public void migrate() {
    for (Schema each : new TreeMap<>(schemas).values()) {
      each.prepare(engine, true);
    }
  }

  /**
   * What {@link #migrate} would run if there was nothing yet, as scripts for who may create tables
   * where this program may not. Each step is a transaction of its own, under a comment with its
   * number; one that is at step 1 needs those after it. A user of the tables needs {@code USAGE} on
   * the schema and {@code SELECT, INSERT, UPDATE, DELETE} on its tables.
   *
   * @return the script of each component, as far as they were opened until now, by its name
   */
  public SortedMap<String, String> ddl() {
    SortedMap<String, String> scripts = new TreeMap<>();
    schemas.forEach((component, each) -> scripts.put(component, each.script(engine)));
    return Collections.unmodifiableSortedMap(scripts);
  }

  /**
   * Runs {@code work} on a consistent snapshot: what others commit meanwhile is not seen. Waits for
   * no writer. A read within a read, on the same thread, sees the same snapshot.
   *
   * <p>On PostgreSQL the work may be run again, on another snapshot, if a migration changed the
   * tables since a connection was last used.
   *
   * @throws StorageException if the database cannot be read, or {@code work} tries to write
   * @throws SchemaTooNewException if the component's schema is too new
   * @throws SchemaTooOldException if it lacks a step, on PostgreSQL
   * @throws IllegalStateException if the database is closed, or in the work of {@link #write}
   */
  public <R extends @Nullable Object> R read(Work<R> work) {
    prepareSchema();
    return engine.read(work);
  }

  /**
   * Runs a {@code work} of one statement. What that sees is of one moment by itself, so that there
   * need be no transaction around it; on SQLite there is none, which costs a third. Whoever needs
   * two statements to see the same takes {@link #read}; all else is as there.
   */
  public <R extends @Nullable Object> R readStatement(Work<R> work) {
    prepareSchema();
    return engine.readStatement(work);
  }

  /**
   * Runs {@code work} in a transaction that is committed, and as durable as the database is said to
   * be, when the call returns; if it throws, nothing of it is stored.
   *
   * <p>On SQLite one writer at a time, in the order of their calls; writers that wait may share one
   * commit. On PostgreSQL writers work side by side, and each statement sees what was committed
   * before it (READ COMMITTED); work whose statements depend on each other begins with {@link
   * Transaction#lock}. The work may be run again there, from the beginning and after nothing of it
   * was stored, when it lost a conflict against another writer: what it changes outside of the
   * database must not add up.
   *
   * @throws StorageFullException if the disk is full
   * @throws StorageReadOnlyException if the file or its directory cannot be written, or the user
   *     may not
   * @throws StorageBusyException if others held the database for more than a minute, or no
   *     connection was free
   * @throws ConstraintViolationException if a row breaks a constraint
   * @throws StorageException if anything else went wrong with the database. Nothing is stored,
   *     unless the message says that this is not known: the connection to PostgreSQL was lost in
   *     the commit
   * @throws SchemaTooNewException if the component's schema is too new
   * @throws SchemaTooOldException if it lacks a step, on PostgreSQL
   * @throws IllegalStateException if the database is closed, or in the work of another write
   */
  public <R extends @Nullable Object> R write(Work<R> work) {
    prepareSchema();
    return engine.write(work);
  }

  /**
   * Writes all that is committed at one moment to a new SQLite file, while others read and write as
   * they like. The file is not forced to the disk.
   *
   * @param file does not exist yet; its directory does
   * @throws UnsupportedOperationException if this is on a server, which has programs for it
   * @throws StorageException if it cannot be read, or the file not be written; a part of it may be
   *     left
   */
  public void backUpTo(Path file) {
    engine.backUpTo(file);
  }

  /**
   * Empties the log of a SQLite database, so that what was deleted before, and is overwritten in
   * the file, is in neither. Waits for those who read an older moment, up to a minute; nothing
   * happens on a server, which does as it is configured.
   *
   * @return false if one of those went on reading: what the log has stays until a later call, or
   *     until it is written over
   * @throws StorageException if it cannot be done
   * @throws IllegalStateException if called in the work of a write on this database
   */
  public boolean truncateLog() {
    return engine.truncateLog();
  }

  Engine engine() {
    return engine;
  }

  /** What was opened of a component, also by others that share this database. */
  @Nullable Schema schema(String component) {
    return schemas.get(component);
  }

  /**
   * Has SQLite look for damage in the file, by its {@code quick_check}, which reads all of it. A
   * database on a server is the server's to check.
   *
   * @return what was found, a line each; empty if nothing
   * @throws StorageException if the database cannot be asked
   */
  public List<String> findDamage() {
    if (dialect() != Dialect.SQLITE) {
      return List.of();
    }
    try {
      return read(tx -> tx.query("PRAGMA quick_check", row -> row.getString(1))).stream()
          .filter(line -> !line.equals("ok"))
          .map(line -> this + ": " + line.replaceAll("\\R", " "))
          .toList();
    } catch (StorageCorruptException e) {
      return List.of(String.valueOf(e.getMessage()));
    }
  }

  /** The words of this database. */
  public Dialect dialect() {
    return engine.dialect();
  }

  /**
   * Waits for the transactions that run and closes. Closing again does nothing. A data source stays
   * open.
   *
   * @throws IllegalStateException if called in the work of a transaction on this database
   */
  @Override
  public void close() {
    engine.close();
  }

  @Override
  public String toString() {
    return engine.toString();
  }

  private void prepareSchema() {
    if (schema != null) {
      schema.prepare(engine, migrates);
    }
  }

  /**
   * What is done in a transaction.
   *
   * @param <R> what it gives
   */
  @FunctionalInterface
  public interface Work<R extends @Nullable Object> {

    /**
     * Does it. {@code transaction} is of no use after the return.
     *
     * @throws SQLException if the database fails; the caller of the transaction gets a {@link
     *     StorageException}
     */
    R run(Transaction transaction) throws SQLException;
  }
}
