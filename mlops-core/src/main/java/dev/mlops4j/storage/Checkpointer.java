package dev.mlops4j.storage;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries a log over to its file while the writer goes on: on a thread that lives as long as there
 * is something to do. The syncs of a checkpoint are most of what a bulk would wait for.
 *
 * <p>A log begins anew only when all of it was carried over and nobody wrote meanwhile, so a writer
 * that never pauses would let it grow for ever: after {@link #LONGEST_LOG} bytes it has to wait.
 */
final class Checkpointer implements AutoCloseable {

  /** How much is written, about, until the log begins anew. */
  static final long LONGEST_LOG = 64 << 20;

  /** A transaction writes whole pages: of the table, of its indexes, of their parents. */
  private static final long LEAST_OF_A_TRANSACTION = 16 << 10;

  private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);

  private final SqliteFile file;
  private @Nullable Session session;
  private boolean runs;
  private boolean closed;

  /** Bytes that were written since the last checkpoint began. */
  private long waiting;

  /** Bytes that were written since the log began anew. */
  private long inLog;

  Checkpointer(SqliteFile file) {
    this.file = file;
  }

  /** Takes note of a commit of so many bytes of values in so many transactions. */
  synchronized void committed(long bytes, int transactions) {
    long written = bytes + transactions * LEAST_OF_A_TRANSACTION;
    waiting += written;
    inLog += written;
    if (waiting >= file.checkpointBytes()) {
      start();
    }
  }

  /** Called before a transaction begins: waits if the log is long, until all is carried over. */
  synchronized void awaitRoom() {
    if (inLog < LONGEST_LOG) {
      return;
    }
    while (waiting > 0 || runs) {
      start();
      awaitEnd();
    }
    inLog = 0;
  }

  private void start() {
    if (!runs && !closed) {
      runs = true;
      Thread thread = new Thread(this::run, "mlops4j-checkpoint");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void run() {
    do {
      checkpoint();
    } while (goesOn());
  }

  private synchronized boolean goesOn() {
    runs = waiting >= file.checkpointBytes() && !closed;
    notifyAll();
    return runs;
  }

  private void checkpoint() {
    synchronized (this) {
      waiting = 0;
    }
    try {
      if (session == null) {
        session = file.openWriter();
      }
      session.execute("PRAGMA wal_checkpoint(PASSIVE)");
    } catch (SQLException | RuntimeException e) {
      // Nothing is lost: the log stays, and a writer carries it over when it is longer.
      LOG.warn("the log of {} was not carried over", file, e);
    }
  }

  private void awaitEnd() {
    boolean interrupted = false;
    while (runs) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for the checkpoint that runs. */
  @Override
  public synchronized void close() throws SQLException {
    closed = true;
    awaitEnd();
    if (session != null) {
      session.close();
      session = null;
    }
  }
}
