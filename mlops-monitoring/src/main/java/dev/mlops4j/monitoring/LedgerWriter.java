package dev.mlops4j.monitoring;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to a ledger in batches, on a daemon thread of its own, what comes through a bounded queue.
 * While the ledger fails, a batch is tried again and the queue fills; an entry that it refuses for
 * what it is is found by halves, left out and counted.
 *
 * <p>The thread looks into the queue from time to time: to wake it takes a caller many times as
 * long as to put something into the queue, so only a full batch and who waits for it do.
 */
final class LedgerWriter implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);
  private static final int BATCH = 4_096;

  /**
   * How long the thread leaves a queue alone that has less than a batch: rows of one transaction
   * share pages, and each page of each transaction is written twice and waited for.
   */
  private static final Duration GATHERING = Duration.ofMillis(50);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(90);

  /** How long after that the last attempt may take. */
  private static final Duration LAST_ATTEMPT = Duration.ofSeconds(30);

  private final Ledger ledger;
  private final LedgerQueue queue;
  private final Duration closeTimeout;
  private final LongAdder dropped = new LongAdder();
  private final LongAdder lostOutcomes = new LongAdder();
  private final Thread thread;
  private volatile long deadline;
  private volatile boolean closed;
  private volatile List<LedgerEntry> inHand = List.of();
  private volatile @Nullable Throwable failure;

  /** A place in the queue: done when all before it is durable. */
  private record Mark(CompletableFuture<Void> done) {}

  LedgerWriter(Ledger ledger, String name, int capacity) {
    this(ledger, name, capacity, CLOSE_TIMEOUT);
  }

  LedgerWriter(Ledger ledger, String name, int capacity, Duration closeTimeout) {
    this.ledger = ledger;
    this.closeTimeout = closeTimeout;
    this.queue = new LedgerQueue(capacity, BATCH);
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
      dropped.increment();
    }
  }

  /** Counts what could not be recorded. */
  void drop() {
    dropped.increment();
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
    return dropped.sum();
  }

  /** How many outcomes were taken, were not written and never will be: lost or refused. */
  long lostOutcomes() {
    return lostOutcomes.sum();
  }

  /**
   * Waits until all that was taken is durable.
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
   * Writes what was taken, trying again for a while if need be, and ends the thread.
   *
   * @throws MonitoringException if not all was written, with how much is lost
   */
  @Override
  public void close() {
    if (!startClose()) {
      return;
    }
    awaitEnd();
    long predictions = -dropped.sum();
    long outcomes = -lostOutcomes.sum();
    inHand.forEach(this::lose);
    loseRest();
    predictions += dropped.sum();
    outcomes += lostOutcomes.sum();
    if (predictions + outcomes > 0) {
      Throwable cause = failure;
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
    closed = true;
    queue.wake();
    return true;
  }

  private void awaitEnd() {
    boolean interrupted = false;
    long end = deadline + LAST_ATTEMPT.toNanos();
    while (thread.isAlive() && System.nanoTime() - end < 0) {
      try {
        thread.join(100);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
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
        } else if (System.nanoTime() > deadline) {
          throw e;
        }
      }
    }
  }

  /** What nobody writes any more. */
  private void loseRest() {
    for (Object item = queue.poll(); item != null; item = queue.poll()) {
      if (item instanceof Handed handed) {
        lose(handed);
      } else if (item instanceof Mark mark) {
        Throwable cause = failure;
        if (cause == null) {
          mark.done.complete(null);
        } else {
          mark.done.completeExceptionally(cause);
        }
      }
    }
  }

  private void lose(Handed item) {
    if (item instanceof LedgerEntry.Known) {
      lostOutcomes.increment();
    } else {
      dropped.increment();
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
          dropped.increment();
        } else {
          entries.add(entry);
        }
      }
    }
    inHand = entries;
    if (!writeParts(entries, marks)) {
      return false;
    }
    inHand = List.of();
    failure = null;
    marks.forEach(mark -> mark.done.complete(null));
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

  private boolean writeParts(List<LedgerEntry> entries, List<Mark> marks) {
    Deque<List<LedgerEntry>> parts = new ArrayDeque<>();
    parts.push(entries);
    Duration pause = FIRST_PAUSE;
    while (!parts.isEmpty()) {
      List<LedgerEntry> part = parts.pop();
      if (part.isEmpty()) {
        continue;
      }
      try {
        ledger.write(part);
        inHand = parts.stream().flatMap(List::stream).toList();
        pause = FIRST_PAUSE;
      } catch (RuntimeException | Error e) {
        if (ledger.isRefusal(e)) {
          divide(part, parts, e);
          continue;
        }
        parts.push(part);
        failure = e;
        marks.forEach(mark -> mark.done.completeExceptionally(e));
        if (closed && System.nanoTime() - deadline >= 0) {
          LOG.error("the ledger cannot be written; {} entries are lost", inHand.size(), e);
          return false;
        }
        LOG.warn("the ledger cannot be written; {} entries wait", inHand.size(), e);
        pause(pause);
        pause =
            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
                ? LONGEST_PAUSE
                : pause.multipliedBy(2);
      }
    }
    return true;
  }

  /** Has both halves written one after the other, in their order; one entry alone is left out. */
  private void divide(List<LedgerEntry> part, Deque<List<LedgerEntry>> parts, Throwable why) {
    if (part.size() == 1) {
      lose(part.get(0));
      inHand = parts.stream().flatMap(List::stream).toList();
      LOG.error("the ledger refuses an entry, which is left out", why);
    } else {
      int half = part.size() / 2;
      parts.push(part.subList(half, part.size()));
      parts.push(part.subList(0, half));
    }
  }

  /** Waits; a close, and the end of its time, are reasons to try again at once. */
  private void pause(Duration pause) {
    boolean wasClosed = closed;
    long now = System.nanoTime();
    long end = now + pause.toNanos();
    while (now - end < 0 && closed == wasClosed && !(closed && now - deadline >= 0)) {
      try {
        TimeUnit.MILLISECONDS.sleep(20);
      } catch (InterruptedException e) {
        LOG.debug("the ledger's writer was interrupted", e);
      }
      now = System.nanoTime();
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the monitor is closed; record outcomes before its close");
    }
  }
}
