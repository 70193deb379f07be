package dev.mlops4j.serving;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A daemon thread that does one thing again and again; what it does throws nothing. */
final class Poller {

  private static final Logger LOG = LoggerFactory.getLogger(Poller.class);

  private final ScheduledThreadPoolExecutor executor;
  private final Future<?> polling;

  /** Does it for the first time after the interval. */
  Poller(String name, Duration interval, Runnable task) {
    this(name, interval, task, interval);
  }

  /**
   * Does it for the first time at once, and returns when that is done or the patience ends.
   *
   * @throws IllegalStateException if the thread is interrupted; nothing runs then
   */
  static Poller started(String name, Duration interval, Runnable task, Duration patience) {
    CountDownLatch first = new CountDownLatch(1);
    Poller poller =
        new Poller(
            name,
            interval,
            () -> {
              task.run();
              first.countDown();
            },
            Duration.ZERO);
    try {
      if (!first.await(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        LOG.warn("{} has not answered within {}", name, patience);
      }
      return poller;
    } catch (InterruptedException e) {
      poller.executor.shutdownNow();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while " + name + " looked for a version", e);
    }
  }

  private Poller(String name, Duration interval, Runnable task, Duration delay) {
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, name);
              thread.setDaemon(true);
              return thread;
            });
    long nanos = interval.toNanos();
    polling = executor.scheduleWithFixedDelay(task, delay.toNanos(), nanos, TimeUnit.NANOSECONDS);
  }

  /**
   * Ends with a last thing, done after what is under way. What is not done within the patience is
   * interrupted.
   *
   * @return whether all was done
   */
  boolean finish(Runnable last, Duration patience) {
    polling.cancel(false);
    executor.execute(last);
    executor.shutdown();
    boolean done = false;
    try {
      done = executor.awaitTermination(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (!done) {
      executor.shutdownNow();
    }
    return done;
  }
}
