package dev.mlops4j.tracking;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the open runs of one {@link Tracking} alive and their metrics flowing, in the background.
 */
final class Heartbeat {

  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

  private final TrackingStore store;
  private final InstantSource clock;
  private final Set<Run> open = ConcurrentHashMap.newKeySet();
  private @Nullable ScheduledExecutorService executor;
  private boolean closed;

  Heartbeat(TrackingStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  /** Takes a run in; the thread starts with the first one. False once it is closed. */
  synchronized boolean add(Run run) {
    if (closed) {
      return false;
    }
    open.add(run);
    if (executor == null) {
      executor = startThread();
    }
    return true;
  }

  synchronized boolean isClosed() {
    return closed;
  }

  void remove(Run run) {
    open.remove(run);
  }

  List<Run> openRuns() {
    return List.copyOf(open);
  }

  /** Tells the store that the open runs live which this process leads. */
  void beat() {
    Map<String, Integer> resumes =
        open.stream()
            .filter(Run::isBeating)
            .collect(Collectors.toMap(Run::id, Run::resumes, Math::max));
    if (!resumes.isEmpty()) {
      quietly("heartbeat", () -> store.heartbeat(resumes, clock.instant()));
    }
  }

  synchronized void close() {
    closed = true;
    if (executor != null) {
      executor.shutdown();
    }
  }

  private ScheduledExecutorService startThread() {
    ScheduledThreadPoolExecutor scheduler =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "mlops4j-tracking");
              thread.setDaemon(true);
              return thread;
            });
    every(scheduler, Tracking.HEARTBEAT_INTERVAL.toMillis(), this::beat);
    every(scheduler, Run.FLUSH_INTERVAL.toMillis(), this::flush);
    return scheduler;
  }

  private void flush() {
    for (Run run : open) {
      quietly("the background write of " + run, run::tend);
    }
  }

  private static void every(ScheduledExecutorService scheduler, long millis, Runnable task) {
    ScheduledFuture<?> unused =
        scheduler.scheduleWithFixedDelay(task, millis, millis, TimeUnit.MILLISECONDS);
  }

  /**
   * Tries again at the next turn: points stay buffered, and a later heartbeat counts as well. What
   * left here, an Error too, would end the schedule without a word.
   */
  private static void quietly(String what, Runnable task) {
    try {
      task.run();
    } catch (RunEndedException
        | RunTakenOverException
        | NoSuchRunException
        | ParamConflictException e) {
      LOG.warn("{} came too late, and is not tried again", what, e);
    } catch (Throwable e) {
      LOG.warn("{} failed and is tried again", what, e);
    }
  }
}
