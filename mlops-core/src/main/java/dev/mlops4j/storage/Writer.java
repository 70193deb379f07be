package dev.mlops4j.storage;

import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one connection that writes.
 *
 * <p>Group commit: who has done his work while others wait for the lock leaves the transaction open
 * for the next one, and waits; the last one commits for all. Each one's work stands under a
 * savepoint, so that a failure takes back that work alone.
 */
final class Writer implements AutoCloseable {

  private static final int LARGEST_GROUP = 64;

  private final SqliteFile file;
  private final Checkpointer checkpointer;
  private final ReentrantLock lock = new ReentrantLock(true);
  private @Nullable Session session;
  private @Nullable Group group;
  private boolean closed;

  Writer(SqliteFile file) {
    this.file = file;
    this.checkpointer = new Checkpointer(file);
  }

  void checkNotWriting() {
    if (lock.isHeldByCurrentThread()) {
      throw new IllegalStateException(
          "a transaction on "
              + file
              + " within the work of a write; use the write's own transaction");
    }
  }

  <R extends @Nullable Object> R run(Database.Work<R> work) {
    checkNotWriting();
    Group joined;
    R result;
    lock.lock();
    try {
      try {
        joined = join();
        result = underSavepoint(joined, work);
        joined.size++;
      } finally {
        commitUnlessOthersWait();
      }
    } catch (SQLException e) {
      throw file.failed("write", e);
    } finally {
      lock.unlock();
    }
    SQLException failure = joined.end.join();
    if (failure != null) {
      throw file.failed("write", failure);
    }
    return result;
  }

  private Group join() throws SQLException {
    if (closed) {
      throw file.closed();
    }
    if (session == null) {
      session = file.openWriter();
    }
    if (group == null) {
      checkpointer.awaitRoom();
      session.run("BEGIN IMMEDIATE");
      group = new Group(session);
    }
    return group;
  }

  private <R extends @Nullable Object> R underSavepoint(Group joined, Database.Work<R> work)
      throws SQLException {
    Transaction transaction = new Transaction(joined.session, "");
    try {
      joined.session.run("SAVEPOINT work");
      R result = work.run(transaction);
      joined.session.run("RELEASE work");
      joined.bytes += transaction.argumentBytes();
      return result;
    } catch (SQLException | RuntimeException | Error e) {
      takeBack(joined, e);
      throw e;
    } finally {
      transaction.end();
    }
  }

  private void takeBack(Group joined, Throwable failure) {
    try {
      joined.session.run("ROLLBACK TO work");
      joined.session.run("RELEASE work");
    } catch (SQLException e) {
      // SQLite itself has rolled everything back, as it may when the disk is full.
      giveUp(joined, failure instanceof SQLException cause ? cause : e);
    }
  }

  private void commitUnlessOthersWait() {
    Group ending = group;
    if (ending != null && (!lock.hasQueuedThreads() || ending.size >= LARGEST_GROUP)) {
      commit(ending);
    }
  }

  private void commit(Group ending) {
    try {
      ending.session.run("COMMIT");
      group = null;
      ending.end.complete(null);
      checkpointer.committed(ending.bytes, ending.size);
    } catch (SQLException e) {
      giveUp(ending, e);
    }
  }

  /** Ends a group of which nothing is stored, and the connection with it. */
  private void giveUp(Group failed, SQLException failure) {
    group = null;
    session = null;
    try {
      failed.session.close();
    } catch (SQLException e) {
      failure.addSuppressed(e);
    }
    failed.end.complete(failure);
  }

  @Override
  public void close() {
    checkNotWriting();
    lock.lock();
    try {
      closed = true;
      if (group != null) {
        commit(group);
      }
      try (checkpointer) {
        if (session != null) {
          session.close();
          session = null;
        }
      }
    } catch (SQLException e) {
      throw file.failed("close", e);
    } finally {
      lock.unlock();
    }
  }

  /** Works that are committed together. Guarded by the lock, but for its end. */
  private static final class Group {

    final Session session;

    /** Completed with null when committed, with the failure when not. */
    final CompletableFuture<@Nullable SQLException> end = new CompletableFuture<>();

    int size;
    long bytes;

    Group(Session session) {
      this.session = session;
    }
  }
}
