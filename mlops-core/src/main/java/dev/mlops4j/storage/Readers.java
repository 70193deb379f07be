package dev.mlops4j.storage;

import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** The connections that read, each with one snapshot at a time. */
final class Readers implements AutoCloseable {

  private static final int MOST_CONNECTIONS = 8;

  private final SqliteFile file;
  private final Semaphore free = new Semaphore(MOST_CONNECTIONS, true);

  @SuppressWarnings("ThreadLocalUsage") // A thread may read several databases at once.
  private final ThreadLocal<@Nullable Transaction> current = new ThreadLocal<>();

  private final ArrayDeque<Session> idle = new ArrayDeque<>();
  private boolean closed;

  Readers(SqliteFile file) {
    this.file = file;
  }

  <R extends @Nullable Object> R run(Database.Work<R> work) {
    return run(work, true);
  }

  /** Without a transaction around it: for a work of one statement. */
  <R extends @Nullable Object> R runStatement(Database.Work<R> work) {
    return run(work, false);
  }

  private <R extends @Nullable Object> R run(Database.Work<R> work, boolean snapshot) {
    try {
      Transaction outer = current.get();
      return outer != null ? work.run(outer) : runOnConnection(work, snapshot);
    } catch (SQLException e) {
      throw file.failed("read", e);
    }
  }

  void checkNotReading() {
    if (current.get() != null) {
      throw new IllegalStateException(
          "the database " + file + " cannot be closed within the work of a read on it");
    }
  }

  private <R extends @Nullable Object> R runOnConnection(Database.Work<R> work, boolean snapshot)
      throws SQLException {
    free.acquireUninterruptibly();
    try {
      Session session = take();
      boolean sound = false;
      try {
        if (snapshot) {
          session.run("BEGIN");
        }
        R result = snapshot ? inTransaction(session, work) : alone(session, work);
        if (snapshot) {
          session.run("COMMIT");
        }
        sound = true;
        return result;
      } finally {
        sound = sound || (snapshot && rolledBack(session));
        putBack(session, sound);
      }
    } finally {
      free.release();
    }
  }

  /** Not as what a read within the work would take for its snapshot. */
  private static <R extends @Nullable Object> R alone(Session session, Database.Work<R> work)
      throws SQLException {
    Transaction statement = new Transaction(session, "");
    try {
      return work.run(statement);
    } finally {
      statement.end();
    }
  }

  private <R extends @Nullable Object> R inTransaction(Session session, Database.Work<R> work)
      throws SQLException {
    Transaction transaction = new Transaction(session, "");
    current.set(transaction);
    try {
      return work.run(transaction);
    } finally {
      current.remove();
      transaction.end();
    }
  }

  private static boolean rolledBack(Session session) {
    try {
      session.run("ROLLBACK");
      return true;
    } catch (SQLException e) {
      // The failure that led here is being thrown; the connection is given up.
      return false;
    }
  }

  private Session take() throws SQLException {
    synchronized (idle) {
      if (closed) {
        throw file.closed();
      }
      Session session = idle.pollFirst();
      if (session != null) {
        return session;
      }
    }
    return file.openReader();
  }

  private void putBack(Session session, boolean sound) throws SQLException {
    synchronized (idle) {
      if (sound && !closed) {
        idle.addFirst(session);
        return;
      }
    }
    session.close();
  }

  @Override
  public void close() {
    synchronized (idle) {
      closed = true;
    }
    free.acquireUninterruptibly(MOST_CONNECTIONS);
    try {
      for (Session session : idle) {
        session.close();
      }
      idle.clear();
    } catch (SQLException e) {
      throw file.failed("close", e);
    } finally {
      free.release(MOST_CONNECTIONS);
    }
  }
}
