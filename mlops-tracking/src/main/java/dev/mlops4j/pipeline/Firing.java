package dev.mlops4j.pipeline;

import dev.mlops4j.pipeline.FiringRecord.State;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at what is due: what the work of a schedule is given. Safe for any number of threads.
 *
 * <p>Its process holds a lease, which is renewed in the background. If the process seems dead
 * another one takes the firing over with a greater {@link #token}, and what this one records is
 * refused from then on. A place outside of the workspace that must not be written by both is given
 * the token, and refuses one that is less than the greatest it has seen.
 */
public final class Firing {

  private final ScheduleStore store;
  private final InstantSource clock;
  private final Duration lease;
  private final FiringRecord record;
  private volatile Instant until;
  private volatile boolean lost;
  private boolean ended;

  Firing(ScheduleStore store, InstantSource clock, Duration lease, FiringRecord record) {
    this.store = store;
    this.clock = clock;
    this.lease = lease;
    this.record = record;
    this.until = Objects.requireNonNull(record.leaseUntil());
  }

  /** The same for every attempt; unique among all schedules. */
  public String id() {
    return record.id();
  }

  /** The schedule's name. */
  public String schedule() {
    return record.schedule();
  }

  /** When it was due: what to take for "now", so that a late run does the same as one in time. */
  public Instant planned() {
    return record.planned();
  }

  /** Whether a person asked for it. */
  public boolean requested() {
    return record.requested();
  }

  /** How many planned times before it were not run, as the misfire policy says. */
  public long passedOver() {
    return record.passedOver();
  }

  /** 1, or more if processes that ran it have died. */
  public int attempt() {
    return record.attempts();
  }

  /**
   * The fencing token: greater than that of every attempt before, of all the schedule's firings.
   */
  public long token() {
    return record.token();
  }

  /** The tracked run that an earlier attempt named, to go on with it. */
  public Optional<String> earlierRun() {
    return Optional.ofNullable(record.runId());
  }

  /**
   * Names the tracked run that the work is, for the history and for another attempt.
   *
   * @throws LeaseLostException if another process has taken over
   */
  public void trackedAs(String runId) {
    if (!store.track(record, runId)) {
      lose();
    }
  }

  /**
   * Whether the firing is still this process's, as far as is known here: at the latest a third of
   * the lease ago it was.
   */
  public boolean isHeld() {
    return !lost && clock.instant().isBefore(until);
  }

  /**
   * Asks the database whether the firing is still this process's, and renews the lease: for before
   * a step that must not be done twice.
   *
   * @throws LeaseLostException if another process has taken over
   */
  public synchronized void requireHeld() {
    if (!renew()) {
      lose();
    }
  }

  @Override
  public String toString() {
    return "firing " + id() + " (attempt " + attempt() + ", token " + token() + ")";
  }

  /** Ends it in the store; whether it was this process's to the end. */
  synchronized boolean end(State state, @Nullable String text) {
    ended = true;
    return store.end(record, state, clock.instant(), text);
  }

  /** Renews the lease, and interrupts a thread if another process has the firing. */
  synchronized void renewOrInterrupt(Thread thread) {
    if (!ended && !lost && !renew()) {
      thread.interrupt();
    }
  }

  boolean isLost() {
    return lost;
  }

  private boolean renew() {
    Instant next = clock.instant().plus(lease);
    if (lost || !store.renew(record, next)) {
      lost = true;
      return false;
    }
    until = next;
    return true;
  }

  private void lose() {
    lost = true;
    throw new LeaseLostException(this);
  }
}
