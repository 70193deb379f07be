package dev.mlops4j.pipeline;

import dev.mlops4j.pipeline.FiringRecord.State;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs firings, each on a thread of its own, and keeps their leases. */
final class FiringThreads {

  private static final Logger LOG = LoggerFactory.getLogger(Scheduler.class);

  /** How many signs of life are given in the time of a lease. */
  private static final int SIGNS = 3;

  private final SchedulerOptions options;
  private final Runnable onEnd;
  private final Set<Thread> running = ConcurrentHashMap.newKeySet();
  private @Nullable ScheduledThreadPoolExecutor renewals;
  private volatile boolean closing;

  /**
   * The threads.
   *
   * @param onEnd called after the end of each firing, but not of one that is given back
   */
  FiringThreads(SchedulerOptions options, Runnable onEnd) {
    this.options = options;
    this.onEnd = onEnd;
  }

  /** Runs it on a thread of its own. */
  void start(Firing firing, ScheduledWork work) {
    Thread thread =
        new Thread(() -> runHere(firing, work), "mlops4j-schedule-" + firing.schedule());
    thread.setDaemon(true);
    thread.start();
  }

  /** Runs it on this thread; false if it is given back, as at a close. */
  boolean runHere(Firing firing, ScheduledWork work) {
    boolean over = true;
    Thread thread = Thread.currentThread();
    running.add(thread);
    try {
      if (closing) {
        over = false;
        firing.end(State.WAITING, null);
      } else {
        over = runRenewed(firing, work, thread);
      }
    } catch (Throwable e) {
      // The lease runs out, and the firing is taken over.
      LOG.error("the end of {} could not be recorded", firing, e);
    } finally {
      running.remove(thread);
      if (over) {
        onEnd.run();
      }
    }
    return over;
  }

  /** Interrupts what runs and waits for it. */
  void close() {
    closing = true;
    long end = System.nanoTime() + options.patience().toNanos();
    for (Thread thread : running) {
      if (thread != Thread.currentThread()) {
        thread.interrupt();
      }
    }
    awaitEnds(end);
    synchronized (this) {
      if (renewals != null) {
        renewals.shutdownNow();
      }
    }
  }

  private void awaitEnds(long end) {
    try {
      for (Thread thread : running) {
        while (running.contains(thread)
            && thread != Thread.currentThread()
            && end > System.nanoTime()) {
          thread.join(Math.min(100, Math.max(1, (end - System.nanoTime()) / 1_000_000)));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean runRenewed(Firing firing, ScheduledWork work, Thread thread) {
    ScheduledFuture<?> renewal = renewing(firing, thread);
    try {
      return run(firing, work);
    } finally {
      renewal.cancel(false);
      if (firing.isLost()) {
        // The interrupt that said so is not to end the thread's next wait.
        boolean unused = Thread.interrupted();
      }
    }
  }

  /** Whether it has ended, and does not wait for another attempt. */
  private boolean run(Firing firing, ScheduledWork work) {
    State state = State.DONE;
    @Nullable String text;
    try {
      LOG.info("{} begins", firing);
      text = String.valueOf(work.run(firing));
    } catch (Throwable e) {
      // Also an Error, as of a native library that is absent: else it would count as running.
      if (closing || e instanceof WorkspaceClosingException) {
        LOG.warn("{} is given back: {}", firing, e.toString());
        state = State.WAITING;
        text = null;
      } else {
        LOG.error("{} failed", firing, e);
        state = State.FAILED;
        text = String.valueOf(e);
      }
    }
    if (firing.end(state, text)) {
      LOG.info("{} ended: {} {}", firing, state, text);
    } else {
      LOG.warn("{} was taken over, and what it gave here is not recorded: {}", firing, text);
    }
    return state != State.WAITING;
  }

  private synchronized ScheduledFuture<?> renewing(Firing firing, Thread thread) {
    if (renewals == null) {
      renewals =
          new ScheduledThreadPoolExecutor(
              1,
              task -> {
                Thread renewer = new Thread(task, "mlops4j-schedule-leases");
                renewer.setDaemon(true);
                return renewer;
              });
      renewals.setRemoveOnCancelPolicy(true);
    }
    long interval = options.lease().toMillis() / SIGNS;
    return renewals.scheduleWithFixedDelay(
        () -> renew(firing, thread), interval, interval, TimeUnit.MILLISECONDS);
  }

  /** A sign that could not be given is given at the next turn. */
  private static void renew(Firing firing, Thread thread) {
    try {
      firing.renewOrInterrupt(thread);
    } catch (Throwable e) {
      LOG.warn("the lease of {} could not be renewed, which is tried again", firing, e);
    }
  }
}
