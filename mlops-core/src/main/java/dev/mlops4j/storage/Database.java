package dev.mlops4j.storage;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
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
 * <p>Nothing is opened before the first transaction. Safe for any number of threads and processes
 * on one host. An interrupt neither ends a transaction nor is lost.
 */
public final class Database implements AutoCloseable {

  /** How long to wait for another process, each transaction of which is short. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Path file;
  private final Readers readers;
  private final Writer writer;
  private final @Nullable Schema schema;

  private Database(Path file, Readers readers, Writer writer, @Nullable Schema schema) {
    this.file = file;
    this.readers = readers;
    this.writer = writer;
    this.schema = schema;
  }

  /**
   * A SQLite database in a file on a local disk, in WAL mode. The file is made at the first
   * transaction; its directory must be there then.
   */
  public static Database sqlite(Path file, Durability durability) {
    return sqlite(file, durability, PATIENCE);
  }

  static Database sqlite(Path file, Durability durability, Duration patience) {
    SqliteFile sqlite = new SqliteFile(file, durability, patience);
    return new Database(file, new Readers(sqlite), new Writer(sqlite), null);
  }

  /**
   * The same database with the schema of one component, brought up to date before the first
   * transaction on what is returned: under a lock, all missing steps in one transaction. Each
   * component has a version of its own and may be used by itself. What is returned shares the
   * connections of this one; closing either closes both.
   *
   * <p>Transactions throw {@link SchemaTooNewException} if the schema was made by a newer library
   * that says that this one must not use it; nothing is changed then.
   *
   * @param component a name, as "tracking"
   * @param steps all steps of the schema that this library knows, numbered from 1
   * @throws IllegalArgumentException if the steps are not numbered 1, 2, 3 ...
   */
  public Database withSchema(String component, List<Migration> steps) {
    return new Database(file, readers, writer, new Schema(component, steps));
  }

  /**
   * Runs {@code work} on a consistent snapshot: what others commit meanwhile is not seen. Waits for
   * no writer. A read within a read, on the same thread, sees the same snapshot.
   *
   * @throws StorageException if the database cannot be read, or {@code work} tries to write
   * @throws SchemaTooNewException if the component's schema is too new
   * @throws IllegalStateException if the database is closed, or in the work of {@link #write}
   */
  public <R extends @Nullable Object> R read(Work<R> work) {
    prepareSchema();
    writer.checkNotWriting();
    return readers.run(work);
  }

  /**
   * Runs {@code work} in a transaction that is committed, and as durable as the database is said to
   * be, when the call returns; if it throws, nothing of it is stored. One writer at a time, in the
   * order of their calls; writers that wait may share one commit.
   *
   * @throws StorageFullException if the disk is full
   * @throws StorageReadOnlyException if the file or its directory cannot be written
   * @throws StorageBusyException if another process held the database for more than a minute
   * @throws ConstraintViolationException if a row breaks a constraint
   * @throws StorageException if anything else went wrong with the database
   * @throws SchemaTooNewException if the component's schema is too new
   * @throws IllegalStateException if the database is closed, or in the work of another write
   */
  public <R extends @Nullable Object> R write(Work<R> work) {
    prepareSchema();
    return writer.run(work);
  }

  /** The words of this database. */
  public Dialect dialect() {
    return Dialect.SQLITE;
  }

  /**
   * Waits for the transactions that run and closes. Closing again does nothing.
   *
   * @throws IllegalStateException if called in the work of a transaction on this database
   */
  @Override
  public void close() {
    readers.checkNotReading();
    writer.close();
    readers.close();
  }

  @Override
  public String toString() {
    return file.toString();
  }

  private void prepareSchema() {
    if (schema != null) {
      schema.prepare(file, dialect(), readers, writer);
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
