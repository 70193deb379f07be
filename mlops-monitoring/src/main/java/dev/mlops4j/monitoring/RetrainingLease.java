package dev.mlops4j.monitoring;

import dev.mlops4j.monitoring.RetrainingRecord.State;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * That this process runs a retraining, from the decision until its end is stored. Safe for any
 * number of threads.
 */
final class RetrainingLease {

  private static final Logger LOG = LoggerFactory.getLogger(Retraining.class);

  private final JdbcRetrainings store;
  private final RetrainingAttempt attempt;
  private final InstantSource clock;
  private final Duration length;
  private Instant until;
  private @Nullable Thread thread;
  private @Nullable BooleanSupplier end;
  private Runnable onStored = () -> {};
  private boolean over;
  private boolean lost;

  RetrainingLease(
      JdbcRetrainings store,
      RetrainingAttempt attempt,
      InstantSource clock,
      Duration length,
      Instant until) {
    this.store = store;
    this.attempt = attempt;
    this.clock = clock;
    this.length = length;
    this.until = until;
  }

  RetrainingTrigger trigger() {
    return attempt.trigger();
  }

  String id() {
    return attempt.id();
  }

  /** The tracked run that an attempt before named. */
  Optional<String> earlierRun() {
    return Optional.ofNullable(attempt.earlierRun());
  }

  /** Begins the work on this thread; false if another process has it, or may have. */
  synchronized boolean begin() {
    if (isDue()) {
      renew();
    }
    over |= isDue();
    thread = over ? null : Thread.currentThread();
    return !over;
  }

  /**
   * Ends the work on this thread, which is not interrupted any longer.
   *
   * @return whether it was, by somebody else than the lease
   */
  synchronized boolean leave() {
    thread = null;
    return Thread.interrupted() && !lost;
  }

  /** Names the tracked run that the work is; false if another process has the retraining. */
  synchronized boolean track(String runId) {
    return !lost && store.track(attempt, runId);
  }

  /** Whether another process was seen to have the retraining. */
  synchronized boolean isLost() {
    return lost;
  }

  /** Whether nothing more is to be stored. */
  synchronized boolean isOver() {
    return over;
  }

  /** Has it wait again, for whichever process is there next. */
  void release() {
    end(() -> store.release(attempt), () -> {});
  }

  /**
   * Stores what came of it; if that fails, with one of the next {@link #beat}s.
   *
   * @param onStored called once it is
   */
  void end(State state, Instant at, String result, Runnable onStored) {
    end(() -> store.end(attempt, state, at, result), onStored);
  }

  /**
   * Renews the lease, or stores an end that could not be stored. Interrupts the work if another
   * process has the retraining. Never throws for a database that fails.
   */
  void beat() {
    if (isEnding()) {
      storeEnd();
    } else {
      renew();
    }
  }

  private void end(BooleanSupplier write, Runnable then) {
    synchronized (this) {
      end = write;
      onStored = then;
    }
    storeEnd();
  }

  private void storeEnd() {
    if (isEndStored()) {
      onStored.run();
    }
  }

  private synchronized boolean isEnding() {
    return end != null;
  }

  private synchronized boolean isEndStored() {
    if (over || end == null) {
      return false;
    }
    try {
      over = true;
      if (!end.getAsBoolean()) {
        lose();
      }
      return !lost;
    } catch (RuntimeException e) {
      LOG.error("the end of retraining {} could not be stored, which is tried again", id(), e);
      over = false;
      renew();
      return false;
    }
  }

  private synchronized void renew() {
    if (over) {
      return;
    }
    Instant next = clock.instant().plus(length);
    try {
      if (store.renew(attempt, next)) {
        until = next;
      } else {
        lose();
      }
    } catch (RuntimeException e) {
      LOG.warn("the lease of retraining {} could not be renewed, which is tried again", id(), e);
      // What an executor has dropped is not held for ever.
      over = thread == null && end == null && isDue();
    }
  }

  private boolean isDue() {
    return !clock.instant().isBefore(until);
  }

  private void lose() {
    LOG.warn("retraining {} was taken over, and what comes of it here is not recorded", id());
    lost = true;
    over = true;
    if (thread != null) {
      thread.interrupt();
    }
  }
}
