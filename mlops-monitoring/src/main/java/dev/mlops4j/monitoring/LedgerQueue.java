package dev.mlops4j.monitoring;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A bounded queue without a lock, of any number of threads that put and one that takes: who offers
 * never waits for another thread and, but for every few thousandth time, wakes none.
 */
final class LedgerQueue {

  private static final Duration LOOK = Duration.ofMillis(1);

  private final ConcurrentLinkedQueue<Object> items = new ConcurrentLinkedQueue<>();

  /** Counted before it is put and after it is taken, so never less than there is. */
  private final AtomicInteger size = new AtomicInteger();

  private final int capacity;
  private final int many;
  private volatile @Nullable Thread taker;

  /**
   * An empty one.
   *
   * @param many so many items wake the thread that takes; half the capacity does too
   */
  LedgerQueue(int capacity, int many) {
    this.capacity = capacity;
    this.many = Math.max(1, Math.min(many, capacity / 2));
  }

  /** Says which thread is to be woken. */
  void takenBy(Thread thread) {
    taker = thread;
  }

  /** Takes it if there is room; whether there was. */
  boolean offer(Object item) {
    int before;
    do {
      before = size.get();
      if (before >= capacity) {
        return false;
      }
    } while (!size.compareAndSet(before, before + 1));
    items.add(item);
    if (before + 1 == many) {
      wake();
    }
    return true;
  }

  /** Takes it, waiting at most this long for room; whether there was. */
  boolean offer(Object item, Duration timeout) throws InterruptedException {
    long start = System.nanoTime();
    while (!offer(item)) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (System.nanoTime() - start >= timeout.toNanos()) {
        return false;
      }
      LockSupport.parkNanos(this, LOOK.toNanos());
    }
    return true;
  }

  /** Wakes the thread that takes, or has its next rest end at once. */
  void wake() {
    LockSupport.unpark(taker);
  }

  /** Moves at most so many, in order; how many there were. */
  int drainTo(Collection<Object> into, int most) {
    int taken = 0;
    while (taken < most) {
      Object item = items.poll();
      if (item == null) {
        break;
      }
      into.add(item);
      taken++;
    }
    size.addAndGet(-taken);
    return taken;
  }

  /** The next, or null. */
  @Nullable Object poll() {
    Object item = items.poll();
    if (item != null) {
      size.decrementAndGet();
    }
    return item;
  }

  /** Takes this one out; whether it was there. */
  boolean remove(Object item) {
    boolean found = items.remove(item);
    if (found) {
      size.decrementAndGet();
    }
    return found;
  }
}
