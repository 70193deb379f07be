package dev.mlops4j.storage;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries a log over to its file while the writer goes on: on a thread that lives as long as there
 * is something to do. The syncs of a checkpoint are most of what a bulk would wait for.
 *
 * <p>A log begins anew only when all of it was carried over and nobody wrote meanwhile, so a writer
 * that never pauses would let it grow for ever: after {@link #LONGEST_LOG} bytes it has to wait. A
 * reader of an old moment can keep a part of the log from being carried over; then nobody waits,
 * and the log grows as long as the reader reads.
 */
final class Checkpointer implements AutoCloseable {

  /** From what length on a writer waits until the log can begin anew. */
  static final long LONGEST_LOG = 64 << 20;

  /** A transaction writes whole pages: of the table, of its indexes, of their parents. */
  private static final long LEAST_OF_A_TRANSACTION = 16 << 10;

  private static final String CHECKPOINT = "PRAGMA wal_checkpoint(PASSIVE)";
  private static final Logger LOG = LoggerFactory.getLogger(Checkpointer.class);

  private final SqliteFile file;
  private final ThreadFactory threads;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition passEnded = lock.newCondition();

  /** Used by the thread that runs alone. */
  private @Nullable Session session;

  private boolean runs;
  private boolean failing;
  private boolean closed;

  /** Bytes that were written since the last pass began. */
  private long fresh;

  /** Whether the last pass could not carry over all there was. */
  private boolean partial;

  /** The length of the log's file after the last commit: the log itself may be shorter. */
  private long length;

  /** The length from which on a writer waits. */
  private long longest = LONGEST_LOG;

  Checkpointer(SqliteFile file) {
    this(file, work -> new Thread(null, work, "mlops4j-checkpoint", 0, false));
  }

  Checkpointer(SqliteFile file, ThreadFactory threads) {
    this.file = file;
    this.threads = threads;
  }

  /**
   * Takes note of a commit. Never throws: what was committed stays so.
   *
   * @param bytes how long its values are, in all
   * @param transactions how many were committed together
   */
  void committed(long bytes, int transactions) {
    lock.lock();
    try {
      long before = length;
      length = file.logBytes();
      fresh += Math.max(bytes + transactions * LEAST_OF_A_TRANSACTION, length - before);
      if (length < LONGEST_LOG) {
        longest = LONGEST_LOG;
      }
      if (fresh >= file.checkpointBytes()) {
        start();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Called before a transaction begins: waits if the log is long, until all is carried over. */
  void awaitRoom() {
    lock.lock();
    try {
      if (length < longest) {
        return;
      }
      // One may be under way that began before all was written.
      for (int pass = 0; pass < 2 && (pass == 0 || fresh > 0); pass++) {
        start();
        awaitEnd();
      }
      if (fresh > 0 || partial) {
        longest = length + LONGEST_LOG; // in vain, and not to be tried each time
      } else {
        length = 0; // of what is written next, which cuts the file
      }
    } finally {
      lock.unlock();
    }
  }

  private void awaitEnd() {
    while (runs) {
      passEnded.awaitUninterruptibly();
    }
  }

  private void start() {
    if (runs || closed) {
      return;
    }
    try {
      Thread thread = threads.newThread(this::run);
      thread.setDaemon(true);
      runs = true;
      thread.start();
    } catch (RuntimeException | OutOfMemoryError e) {
      // As where no more threads are allowed: the writer itself carries over what is too long.
      runs = false;
      failed(e);
    }
  }

  private void run() {
    boolean more = true;
    while (more) {
      more = false;
      try {
        pass();
        more = true;
      } catch (SQLException | RuntimeException | Error e) {
        // Nothing is lost: the log stays.
        failed(e);
      } finally {
        more = goesOn(more);
      }
    }
  }

  private void pass() throws SQLException {
    lock.lock();
    try {
      fresh = 0;
    } finally {
      lock.unlock();
    }
    if (session == null) {
      session = file.openWriter();
    }
    boolean all = session.use(CHECKPOINT, Checkpointer::carriedOver);
    lock.lock();
    try {
      partial = !all;
      failing = false;
    } finally {
      lock.unlock();
    }
  }

  /** Whether a checkpoint carried over all there was. */
  static boolean carriedOver(Prepared checkpoint) throws SQLException {
    try (ResultSet row = checkpoint.statement().executeQuery()) {
      return row.next() && row.getLong(1) == 0 && row.getLong(2) == row.getLong(3);
    }
  }

  private boolean goesOn(boolean succeeded) {
    lock.lock();
    try {
      runs = succeeded && !closed && fresh >= file.checkpointBytes();
      partial |= !succeeded;
      passEnded.signalAll();
      return runs;
    } finally {
      lock.unlock();
    }
  }

  private void failed(Throwable failure) {
    boolean known;
    lock.lock();
    try {
      known = failing;
      failing = true;
    } finally {
      lock.unlock();
    }
    if (!known) {
      LOG.warn("the log of {} was not carried over to it, and grows", file, failure);
    }
  }

  /** Waits for the pass that runs. */
  @Override
  public void close() throws SQLException {
    lock.lock();
    try {
      closed = true;
      awaitEnd();
      if (session != null) {
        session.close();
        session = null;
      }
    } finally {
      lock.unlock();
    }
  }
}
