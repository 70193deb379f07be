package dev.mlops4j.monitoring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to a ledger in batches, on a daemon thread of its own, what comes through a bounded queue;
 * or to a spool, from which another thread writes it to the ledger. While the one that it writes to
 * fails, a batch is tried again and the queue fills.
 *
 * <p>The thread looks into the queue from time to time: to wake it takes a caller many times as
 * long as to put something into the queue, so only a full batch and who waits for it do.
 */
final class LedgerWriter implements AutoCloseable {

  /** How many entries are written at once at most. */
  static final int BATCH = 4_096;

  private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);

  /**
   * How long the thread leaves a queue alone that has less than a batch: rows of one transaction
   * share pages, and each page of each transaction is written twice and waited for.
   */
  private static final Duration GATHERING = Duration.ofMillis(50);

  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(90);

  /** How long after that the last attempt may take. */
  private static final Duration LAST_ATTEMPT = Duration.ofSeconds(30);

  private final LedgerQueue queue;
  private final Duration closeTimeout;
  private final LostEntries lost = new LostEntries();
  private final EntryDelivery delivery;
  private final @Nullable SpoolDelivery spooled;
  private final Thread thread;
  private volatile long deadline;
  private volatile boolean closed;

  /** A place in the queue: done when all before it is in the ledger. */
  private record Mark(CompletableFuture<Void> done) {}

  LedgerWriter(Ledger ledger, String name, int capacity) {
    this(ledger, name, capacity, CLOSE_TIMEOUT);
  }

  LedgerWriter(Ledger ledger, String name, int capacity, Duration closeTimeout) {
    this(ledger, name, capacity, closeTimeout, null);
  }

  /** A writer with a spool, which it closes. */
  LedgerWriter(Ledger ledger, String name, int capacity, @Nullable Spool spool) {
    this(ledger, name, capacity, CLOSE_TIMEOUT, spool);
  }

  LedgerWriter(
      Ledger ledger, String name, int capacity, Duration closeTimeout, @Nullable Spool spool) {
    this.closeTimeout = closeTimeout;
    this.queue = new LedgerQueue(capacity, BATCH);
    this.delivery =
        spool == null
            ? new EntryDelivery(ledger, "the ledger", lost)
            : new EntryDelivery(spool, spool.toString(), lost);
    this.spooled = spool == null ? null : new SpoolDelivery(spool, ledger, name, lost);
    this.thread = new Thread(this::run, "monitor-" + name);
    thread.setDaemon(true);
    queue.takenBy(thread);
    thread.start();
  }

  /**
   * Takes it if there is room; else it is dropped and counted, as it is when no entry can be made
   * of it.
   */
  void offer(Handed item) {
    if (closed || !queue.offer(item) || cameTooLate(item)) {
      lost.addPredictions(1);
    }
  }

  /** Counts what could not be recorded. */
  void drop() {
    lost.addPredictions(1);
  }

  /**
   * Takes it, waiting at most this long for room; whether it was taken.
   *
   * @throws MonitoringException if the thread is interrupted while it waits, and stays so
   */
  boolean put(LedgerEntry entry, Duration timeout) {
    checkOpen();
    boolean taken = putWithin(entry, timeout);
    if (cameTooLate(entry)) {
      checkOpen();
    }
    return taken;
  }

  /** How many predictions were not written and never will be. */
  long dropped() {
    return lost.predictions();
  }

  /** How many outcomes were taken, were not written and never will be: lost or refused. */
  long lostOutcomes() {
    return lost.outcomes();
  }

  /** Bytes in the spool that are not in the ledger yet; 0 without a spool. */
  long spooledBytes() {
    return spooled == null ? 0 : spooled.waitingBytes();
  }

  /**
   * Waits until all that was taken is in the ledger.
   *
   * @throws MonitoringException if the ledger cannot be written; it is tried again nevertheless
   */
  void flush(Duration timeout) {
    if (closed && !thread.isAlive()) {
      return;
    }
    Mark mark = new Mark(new CompletableFuture<>());
    if (!putWithin(mark, timeout)) {
      throw new MonitoringException(
          "the ledger did not take anything for " + timeout + "; see the log for why");
    }
    queue.wake();
    try {
      await(mark, timeout);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new MonitoringException(
          "the ledger could not be written: " + cause.getMessage() + "; what waits is tried again",
          cause);
    } catch (TimeoutException e) {
      throw new MonitoringException("the ledger was not written within " + timeout, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MonitoringException("interrupted while waiting for the ledger", e);
    }
  }

  /**
   * Writes what was taken, trying again for a while if need be, and ends the threads. What is in
   * the spool then stays there.
   *
   * @throws MonitoringException if not all was written or spooled, with how much is lost
   */
  @Override
  public void close() {
    if (!startClose()) {
      return;
    }
    awaitEnd();
    long predictions = -lost.predictions();
    long outcomes = -lost.outcomes();
    delivery.inHand().forEach(lost::add);
    loseRest();
    predictions += lost.predictions();
    outcomes += lost.outcomes();
    if (predictions + outcomes > 0) {
      Throwable cause = delivery.failure();
      throw new MonitoringException(
          outcomes
              + " outcomes and "
              + predictions
              + " predictions are lost: the ledger could not be written within "
              + closeTimeout
              + " of the close"
              + (cause == null ? "" : " (" + cause.getMessage() + ")")
              + ". Record the outcomes again when it can be",
          cause);
    }
  }

  private synchronized boolean startClose() {
    if (closed) {
      return false;
    }
    deadline = System.nanoTime() + closeTimeout.toNanos();
    delivery.endBy(deadline);
    if (spooled != null) {
      spooled.endBy(deadline);
    }
    closed = true;
    queue.wake();
    return true;
  }

  private void awaitEnd() {
    boolean interrupted = false;
    long end = deadline + LAST_ATTEMPT.toNanos();
    while (isWriting() && System.nanoTime() - end < 0) {
      try {
        thread.join(100);
        if (spooled != null) {
          spooled.thread().join(100);
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isWriting() {
    return thread.isAlive() || (spooled != null && spooled.thread().isAlive());
  }

  private void await(Mark mark, Duration timeout)
      throws ExecutionException, TimeoutException, InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (true) {
      try {
        mark.done.get(100, TimeUnit.MILLISECONDS);
        return;
      } catch (TimeoutException e) {
        if (!thread.isAlive()) {
          loseRest();
        }
        if (!mark.done.isDone() && System.nanoTime() - deadline > 0) {
          throw e;
        }
      }
    }
  }

  /** What nobody writes any more. */
  private void loseRest() {
    for (Object item = queue.poll(); item != null; item = queue.poll()) {
      if (item instanceof Handed handed) {
        lost.add(handed);
      } else if (item instanceof Mark mark) {
        Throwable cause = delivery.failure();
        if (cause == null) {
          mark.done.complete(null);
        } else {
          mark.done.completeExceptionally(cause);
        }
      }
    }
  }

  /** Whether it came after the thread had looked a last time; it is taken back then. */
  private boolean cameTooLate(Handed item) {
    return closed && !thread.isAlive() && queue.remove(item);
  }

  private boolean putWithin(Object item, Duration timeout) {
    try {
      return queue.offer(item, timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MonitoringException(
          "interrupted while waiting for room in the ledger's queue; nothing was handed over", e);
    }
  }

  private void run() {
    try {
      drain();
    } finally {
      if (spooled != null) {
        spooled.spoolingEnded();
      }
    }
  }

  private void drain() {
    List<Object> taken = new ArrayList<>(BATCH);
    while (true) {
      // Read before the queue is: what was there when it was closed is seen below.
      boolean last = closed;
      int found = queue.drainTo(taken, BATCH);
      if (found > 0) {
        if (!write(taken)) {
          return;
        }
        taken.clear();
      } else if (last) {
        return;
      }
      if (found < BATCH && !last) {
        LockSupport.parkNanos(this, GATHERING.toNanos());
        if (Thread.interrupted()) {
          // Nobody but this class knows the thread; it ends by close().
          LOG.debug("the ledger's writer was interrupted");
        }
      }
    }
  }

  /** Writes these, trying again until they are or the time to close is over; whether they are. */
  private boolean write(List<Object> taken) {
    List<LedgerEntry> entries = new ArrayList<>(taken.size());
    List<Mark> marks = new ArrayList<>();
    for (Object item : taken) {
      if (item instanceof Mark mark) {
        marks.add(mark);
      } else {
        LedgerEntry entry = entryOf((Handed) item);
        if (entry == null) {
          lost.addPredictions(1);
        } else {
          entries.add(entry);
        }
      }
    }
    if (!delivery.deliver(
        entries, e -> marks.forEach(mark -> mark.done.completeExceptionally(e)))) {
      LOG.error("{} entries are lost", delivery.inHand().size(), delivery.failure());
      return false;
    }
    if (spooled == null) {
      marks.forEach(mark -> mark.done.complete(null));
    } else if (marks.isEmpty()) {
      spooled.wake();
    } else {
      spooled.complete(marks.stream().map(Mark::done).toList());
    }
    return true;
  }

  private static @Nullable LedgerEntry entryOf(Handed item) {
    try {
      return item.entry();
    } catch (RuntimeException e) {
      LOG.debug("a prediction could not be recorded", e);
      return null;
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the monitor is closed; record outcomes before its close");
    }
  }
}
