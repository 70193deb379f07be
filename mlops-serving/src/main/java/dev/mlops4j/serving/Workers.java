package dev.mlops4j.serving;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Daemon threads on which a predictor answers what must not hold up its caller. They come when they
 * are needed and end when they were idle for a while.
 */
final class Workers implements Executor {

  private static final long IDLE_SECONDS = 30;

  private final int threads;
  private final int places;
  private final ThreadPoolExecutor pool;

  Workers(String name, int threads, int places) {
    this.threads = threads;
    this.places = places;
    AtomicInteger count = new AtomicInteger();
    this.pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(places),
            work -> {
              Thread thread = new Thread(work, name + "-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
  }

  /**
   * Runs this on a worker.
   *
   * @throws PredictorOverloadedException if there is no place
   */
  @Override
  public void execute(Runnable work) {
    try {
      pool.execute(work);
    } catch (RejectedExecutionException e) {
      throw new PredictorOverloadedException(threads, places);
    }
  }

  /**
   * What this gives, computed by a worker.
   *
   * @throws PredictorOverloadedException if there is no place
   * @throws PredictionTimeoutException if it takes longer; the work ends by itself, or never begins
   */
  <V> V call(Callable<V> work, Duration timeout) {
    FutureTask<V> task = new FutureTask<>(work);
    execute(task);
    try {
      return task.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      // Not interrupted: that would close files and connections that others share.
      task.cancel(false);
      pool.remove(task);
      throw new PredictionTimeoutException(timeout);
    } catch (InterruptedException e) {
      task.cancel(false);
      pool.remove(task);
      Thread.currentThread().interrupt();
      throw new PredictionTimeoutException(
          "the thread that waited for a prediction was interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  /** Ends the threads after what is under way; what waits is done too. */
  void close() {
    pool.shutdown();
  }
}
