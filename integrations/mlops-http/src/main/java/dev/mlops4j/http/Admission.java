package dev.mlops4j.http;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets so many requests work at once, and so many more wait for so long; others are turned away.
 */
final class Admission {

  private final int maxWorking;
  private final Semaphore working;
  private final AtomicInteger waiting = new AtomicInteger();
  private final int maxWaiting;
  private final long maxWaitNanos;

  Admission(int maxWorking, int maxWaiting, Duration maxWait) {
    this.maxWorking = maxWorking;
    this.working = new Semaphore(maxWorking);
    this.maxWaiting = maxWaiting;
    this.maxWaitNanos = maxWait.toNanos();
  }

  /** How many requests work or wait at most. */
  long places() {
    return (long) maxWorking + maxWaiting;
  }

  /** Whether the request may work; if so, it ends with {@link #leave}. */
  boolean enter() {
    if (working.tryAcquire()) {
      return true;
    }
    if (waiting.incrementAndGet() > maxWaiting) {
      waiting.decrementAndGet();
      return false;
    }
    try {
      return working.tryAcquire(maxWaitNanos, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      waiting.decrementAndGet();
    }
  }

  void leave() {
    working.release();
  }
}
