package dev.mlops4j.monitoring;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The leases that a {@link Retraining} holds, kept by a thread that is there while there are any.
 */
final class RetrainingLeases {

  /** How many signs of life are given in the time of a lease. */
  private static final int SIGNS = 3;

  private static final Duration THREAD_KEPT = Duration.ofSeconds(1);

  private final JdbcRetrainings store;
  private final InstantSource clock;
  private final Duration length;
  private final Set<RetrainingLease> held = ConcurrentHashMap.newKeySet();
  private final ScheduledThreadPoolExecutor renewals;
  private @Nullable ScheduledFuture<?> beats;

  /**
   * The leases.
   *
   * @param clock the system's, also in a replay: it tells which processes live
   */
  RetrainingLeases(JdbcRetrainings store, InstantSource clock, Duration length) {
    this.store = store;
    this.clock = clock;
    this.length = length;
    this.renewals =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread renewer = new Thread(task, "mlops4j-retraining-leases");
              renewer.setDaemon(true);
              return renewer;
            });
    renewals.setRemoveOnCancelPolicy(true);
    renewals.setKeepAliveTime(THREAD_KEPT.toMillis(), TimeUnit.MILLISECONDS);
    renewals.allowCoreThreadTimeOut(true);
  }

  /** Stores that a retraining runs here; see {@link JdbcRetrainings#begin}. */
  Optional<RetrainingLease> begin(RetrainingTrigger trigger, List<RetrainingRecord> seen) {
    Instant until = clock.instant().plus(length);
    return store.begin(trigger, seen, until).map(attempt -> hold(attempt, until));
  }

  /** Fails what killed its processes; see {@link JdbcRetrainings#giveUp}. */
  boolean giveUp(Instant at) {
    return store.giveUp(clock.instant(), at);
  }

  /** Whether there is one to take over; see {@link JdbcRetrainings#isLeftUndone}. */
  boolean isLeftUndone() {
    return store.isLeftUndone(clock.instant());
  }

  /** Takes over a retraining; see {@link JdbcRetrainings#takeOver}. */
  Optional<RetrainingLease> takeOver() {
    Instant now = clock.instant();
    Instant until = now.plus(length);
    return store.takeOver(now, until).map(attempt -> hold(attempt, until));
  }

  /** Gives a sign of life of all that is held, and stores the ends that were not yet. */
  void beat() {
    held.forEach(RetrainingLease::beat);
    stopIfNone();
  }

  private synchronized RetrainingLease hold(RetrainingAttempt attempt, Instant until) {
    RetrainingLease lease = new RetrainingLease(store, attempt, clock, length, until);
    held.add(lease);
    if (beats == null) {
      long interval = length.toMillis() / SIGNS;
      beats =
          renewals.scheduleWithFixedDelay(this::beat, interval, interval, TimeUnit.MILLISECONDS);
    }
    return lease;
  }

  private synchronized void stopIfNone() {
    held.removeIf(RetrainingLease::isOver);
    if (held.isEmpty() && beats != null) {
      beats.cancel(false);
      beats = null;
    }
  }
}
