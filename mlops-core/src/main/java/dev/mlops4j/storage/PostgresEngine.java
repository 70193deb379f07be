package dev.mlops4j.storage;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Transactions in one schema of a PostgreSQL server, each on a connection lent by the user. */
final class PostgresEngine implements Engine {

  /** More than a deadlock among a handful of writers takes to come undone. */
  private static final int ATTEMPTS = 20;

  private static final long LONGEST_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** The longest name that PostgreSQL does not cut off. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,62}");

  private final DataSource source;
  private final String schema;
  private final String searchPath;
  private final String beginRead;
  private final String beginWrite;

  @SuppressWarnings("ThreadLocalUsage") // A thread may use several databases at once.
  private final ThreadLocal<@Nullable Transaction> reading = new ThreadLocal<>();

  @SuppressWarnings("ThreadLocalUsage") // A thread may use several databases at once.
  private final ThreadLocal<@Nullable Transaction> writing = new ThreadLocal<>();

  private int running;
  private boolean closed;

  PostgresEngine(DataSource source, String schema, Duration patience) {
    if (!NAME.matcher(schema).matches() || schema.startsWith("pg_")) {
      throw new IllegalArgumentException(
          "a schema's name is letters (A to Z), digits and underscores, at most 63, begins neither"
              + " with a digit nor with pg_; found \""
              + schema
              + "\"");
    }
    this.source = source;
    this.schema = schema;
    // The temporary tables last, so that none takes the place of one of ours; the system's before
    // them, so that nothing is made among them while the schema is not there.
    this.searchPath = "SET LOCAL search_path TO \"" + schema + "\", pg_catalog, pg_temp";
    this.beginRead = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; " + searchPath;
    // Not more than READ COMMITTED: the statements after a lock must see what was committed before.
    this.beginWrite =
        "SET TRANSACTION ISOLATION LEVEL READ COMMITTED; "
            + searchPath
            + "; SET LOCAL lock_timeout TO "
            + patience.toMillis();
  }

  @Override
  public Dialect dialect() {
    return Dialect.POSTGRESQL;
  }

  @Override
  public <R extends @Nullable Object> R read(Database.Work<R> work) {
    checkNotWriting();
    Transaction outer = reading.get();
    if (outer == null) {
      return run("read", work);
    }
    try {
      return work.run(outer);
    } catch (SQLException e) {
      throw PostgresErrors.translate(toString(), "read", e);
    }
  }

  /** In a transaction as well: it is that which has the schema and only reads. */
  @Override
  public <R extends @Nullable Object> R readStatement(Database.Work<R> work) {
    return read(work);
  }

  @Override
  public <R extends @Nullable Object> R write(Database.Work<R> work) {
    checkNotWriting();
    return run("write", work);
  }

  @Override
  public void checkNotWriting() {
    if (writing.get() != null) {
      throw new IllegalStateException(
          "a transaction on "
              + this
              + " within the work of a write; use the write's own transaction");
    }
  }

  @Override
  public String beginOfScript() {
    return "BEGIN;\n" + searchPath + ";\n";
  }

  @Override
  public String makePlace() {
    return "CREATE SCHEMA IF NOT EXISTS \"" + schema + "\"";
  }

  @Override
  public boolean truncateLog() {
    return true;
  }

  @Override
  public void backUpTo(Path file) {
    throw new UnsupportedOperationException(
        this + " is backed up with the server's own programs, as pg_dump");
  }

  private <R extends @Nullable Object> R run(String what, Database.Work<R> work) {
    enter();
    try {
      for (int attempt = 1; ; attempt++) {
        try {
          return once(what, work);
        } catch (BeginAnew e) {
          if (attempt == ATTEMPTS) {
            throw PostgresErrors.translate(toString(), what, e.reason);
          }
          LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(LONGEST_PAUSE_NANOS));
        }
      }
    } finally {
      leave();
    }
  }

  private <R extends @Nullable Object> R once(String what, Database.Work<R> work) throws BeginAnew {
    boolean writes = what.equals("write");
    PostgresConnection connection = connect(what);
    Phase phase = Phase.BEGIN;
    boolean forget = false;
    try {
      connection.begin(writes ? beginWrite : beginRead);
      phase = Phase.WORK;
      R result = inTransaction(connection, writes ? writing : reading, work);
      phase = Phase.COMMIT;
      connection.commit();
      return result;
    } catch (SQLException e) {
      forget = PostgresErrors.isStalePlan(e);
      boolean lost = PostgresErrors.isConnectionLost(e);
      if (forget || (lost && phase == Phase.BEGIN) || (writes && PostgresErrors.isConflict(e))) {
        throw new BeginAnew(e);
      }
      throw lost && writes && phase == Phase.COMMIT
          ? PostgresErrors.unknownOutcome(toString(), e)
          : PostgresErrors.translate(toString(), what, e);
    } finally {
      connection.giveBack(forget);
    }
  }

  private <R extends @Nullable Object> R inTransaction(
      PostgresConnection connection,
      ThreadLocal<@Nullable Transaction> current,
      Database.Work<R> work)
      throws SQLException {
    Transaction transaction = new Transaction(connection.session(), schema);
    current.set(transaction);
    try {
      R result = work.run(transaction);
      throwFailure(transaction);
      return result;
    } catch (RuntimeException e) {
      // The work may have put a conflict into an exception of its own.
      SQLException failure = transaction.failure();
      if (failure != null && PostgresErrors.isConflict(failure)) {
        throwFailure(transaction);
      }
      throw e;
    } finally {
      current.remove();
      transaction.end();
    }
  }

  /** After it the server commits nothing, whatever the work has made of it. */
  private static void throwFailure(Transaction transaction) throws SQLException {
    SQLException failure = transaction.failure();
    if (failure != null) {
      throw failure;
    }
  }

  private PostgresConnection connect(String what) {
    // Pools give up at an interrupt; here it waits until the transaction is over.
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return new PostgresConnection(source.getConnection());
        } catch (SQLException | RuntimeException e) {
          if (!Thread.interrupted()) {
            throw PostgresErrors.translate(toString(), what, asSqlException(e));
          }
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** A pool that cannot fill itself at its first use says so by an exception of its own. */
  private static SQLException asSqlException(Exception e) {
    return e instanceof SQLException sql ? sql : new SQLException(e.getMessage(), "08001", e);
  }

  private synchronized void enter() {
    if (closed) {
      throw new IllegalStateException("the database " + this + " is closed");
    }
    running++;
  }

  private synchronized void leave() {
    running--;
    notifyAll();
  }

  @Override
  public void close() {
    checkNotWriting();
    if (reading.get() != null) {
      throw new IllegalStateException(
          "the database " + this + " cannot be closed within the work of a read on it");
    }
    boolean interrupted = false;
    synchronized (this) {
      closed = true;
      while (running > 0) {
        try {
          wait();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public String toString() {
    return "PostgreSQL schema \"" + schema + "\"";
  }

  private enum Phase {
    BEGIN,
    WORK,
    COMMIT
  }

  /** Nothing is stored, and the same work may go well in another transaction. */
  private static final class BeginAnew extends Exception {

    private static final long serialVersionUID = 1L;

    final SQLException reason;

    BeginAnew(SQLException reason) {
      super(reason);
      this.reason = reason;
    }
  }
}
