package dev.mlops4j.monitoring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to a ledger in batches, on a daemon thread of its own, what comes through a bounded queue.
 * While the ledger fails, a batch is tried again and the queue fills.
 */
final class LedgerWriter implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);
  private static final int BATCH = 4_096;
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(90);

  private final Ledger ledger;
  private final ArrayBlockingQueue<Object> queue;
  private final LongAdder dropped = new LongAdder();
  private final Thread thread;
  private volatile boolean closed;

  /** A place in the queue: done when all before it is durable. */
  private record Mark(CompletableFuture<Void> done) {}

  LedgerWriter(Ledger ledger, String name, int capacity) {
    this.ledger = ledger;
    this.queue = new ArrayBlockingQueue<>(capacity);
    this.thread = new Thread(this::run, "monitor-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Takes it if there is room; else it is dropped and counted. */
  void offer(LedgerEntry entry) {
    if (closed || !queue.offer(entry)) {
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
    return putWithin(entry, timeout);
  }

  long dropped() {
    return dropped.sum();
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

  /** Writes what was taken, a last time if need be, and ends the thread. */
  @Override
  public void close() {
    closed = true;
    boolean interrupted = false;
    long deadline = System.nanoTime() + CLOSE_TIMEOUT.toNanos();
    while (thread.isAlive() && System.nanoTime() < deadline) {
      try {
        thread.join(100);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (!thread.isAlive()) {
      dropRest();
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
          dropRest();
        } else if (System.nanoTime() > deadline) {
          throw e;
        }
      }
    }
  }

  /** What came while the thread ended. */
  private void dropRest() {
    for (Object item = queue.poll(); item != null; item = queue.poll()) {
      if (item instanceof Mark mark) {
        mark.done.complete(null);
      } else {
        dropped.increment();
      }
    }
  }

  private boolean putWithin(Object item, Duration timeout) {
    if (queue.offer(item)) {
      return true;
    }
    try {
      return queue.offer(item, timeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new MonitoringException(
          "interrupted while waiting for room in the ledger's queue; nothing was handed over", e);
    }
  }

  private void run() {
    List<Object> taken = new ArrayList<>(BATCH);
    while (true) {
      try {
        Object first = queue.poll(20, TimeUnit.MILLISECONDS);
        if (first != null) {
          taken.add(first);
          queue.drainTo(taken, BATCH - 1);
          write(taken);
          taken.clear();
        } else if (closed) {
          return;
        }
      } catch (InterruptedException e) {
        // Nobody but this class knows the thread; it ends by close().
        LOG.debug("the ledger's writer was interrupted", e);
      }
    }
  }

  private void write(List<Object> taken) {
    List<LedgerEntry> entries = new ArrayList<>(taken.size());
    List<Mark> marks = new ArrayList<>();
    for (Object item : taken) {
      if (item instanceof Mark mark) {
        marks.add(mark);
      } else {
        entries.add((LedgerEntry) item);
      }
    }
    Duration pause = FIRST_PAUSE;
    while (!entries.isEmpty()) {
      try {
        ledger.write(entries);
        break;
      } catch (RuntimeException | Error e) {
        marks.forEach(mark -> mark.done.completeExceptionally(e));
        if (closed) {
          entries.forEach(entry -> dropped.increment());
          LOG.error("{} entries of the ledger are lost: it cannot be written", entries.size(), e);
          return;
        }
        LOG.warn("the ledger cannot be written; {} entries wait", entries.size(), e);
        pause(pause);
        pause =
            pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0
                ? LONGEST_PAUSE
                : pause.multipliedBy(2);
      }
    }
    marks.forEach(mark -> mark.done.complete(null));
  }

  private void pause(Duration pause) {
    long end = System.nanoTime() + pause.toNanos();
    while (!closed && System.nanoTime() < end) {
      try {
        TimeUnit.MILLISECONDS.sleep(20);
      } catch (InterruptedException e) {
        LOG.debug("the ledger's writer was interrupted", e);
      }
    }
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the monitor is closed; record outcomes before its close");
    }
  }
}
