package dev.mlops4j.pipeline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The threads of a run: a fixed number that does the steps, one that looks at the clock, and one
 * that records what has ended.
 */
final class JobPool {

  private static final long IDLE_SECONDS = 5;

  private final ScheduledThreadPoolExecutor workers;
  private final ScheduledThreadPoolExecutor watch;
  private final ThreadPoolExecutor recorder;
  private final Set<Later> waiting = new HashSet<>();
  private boolean hurried;

  JobPool(int threads) {
    AtomicInteger number = new AtomicInteger();
    // That of who started the run, whichever thread makes one of these.
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    workers =
        new ScheduledThreadPoolExecutor(
            threads, task -> daemon(loader, task, "mlops4j-pipeline-" + number.incrementAndGet()));
    watch =
        new ScheduledThreadPoolExecutor(1, task -> daemon(loader, task, "mlops4j-pipeline-watch"));
    watch.setRemoveOnCancelPolicy(true);
    recorder =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> daemon(loader, task, "mlops4j-pipeline-record"));
    recorder.allowCoreThreadTimeOut(true);
  }

  /** Does a job as soon as a thread is free. */
  void now(Runnable job) {
    workers.execute(job);
  }

  /**
   * Does a job after a delay, or as soon as {@link #hurry} is called; holds no thread until then.
   */
  synchronized void later(Runnable job, Duration delay) {
    if (hurried) {
      now(job);
      return;
    }
    Later later = new Later(job);
    waiting.add(later);
    ScheduledFuture<?> unused = watch.schedule(later, delay.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Does all that waits at once, and from now on waits with nothing. */
  void hurry() {
    List<Later> all;
    synchronized (this) {
      hurried = true;
      all = new ArrayList<>(waiting);
    }
    all.forEach(Later::run);
  }

  /** Does something that waits for the disk, apart from the steps; one such thing at a time. */
  void record(Runnable task) {
    recorder.execute(task);
  }

  /** Does something short when this time is over, unless it is cancelled before. */
  ScheduledFuture<?> after(Duration time, Runnable alarm) {
    return watch.schedule(alarm, time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Does something short again and again. */
  void every(Duration time, Runnable task) {
    ScheduledFuture<?> unused =
        watch.scheduleWithFixedDelay(task, time.toNanos(), time.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Takes no more jobs; those that go on are not interrupted. */
  void close() {
    watch.shutdownNow();
    workers.shutdown();
    recorder.shutdown();
  }

  private static Thread daemon(ClassLoader loader, Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.setContextClassLoader(loader);
    return thread;
  }

  /** Done once: by the clock or by a hurry. */
  private final class Later implements Runnable {

    private final Runnable job;

    Later(Runnable job) {
      this.job = job;
    }

    @Override
    public void run() {
      boolean mine;
      synchronized (JobPool.this) {
        mine = waiting.remove(this);
      }
      if (mine) {
        now(job);
      }
    }
  }
}
