package dev.mlops4j.serving;

import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A daemon thread that does one thing again and again; what it does throws nothing. */
final class Poller {

  private final ScheduledThreadPoolExecutor executor;
  private final Future<?> polling;

  Poller(String name, Duration interval, Runnable task) {
    executor =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, name);
              thread.setDaemon(true);
              return thread;
            });
    long nanos = interval.toNanos();
    polling = executor.scheduleWithFixedDelay(task, nanos, nanos, TimeUnit.NANOSECONDS);
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
