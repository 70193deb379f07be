package dev.mlops4j.pipeline;

import java.time.Duration;

/**
 * How a {@link Scheduler} works. Immutable. All processes of a workspace should have the same.
 *
 * @param lease how long a process that runs a firing need not show that it lives: so long after its
 *     last sign another one takes over, at once if it sees on its own host that the process has
 *     ended. A sign is given every third of it. The clocks of the hosts must not differ by more
 *     than a third of it
 * @param lookEvery how often the database is looked at for what other processes changed: a pause, a
 *     {@code runNow}, a process that died. Planned times are kept to the moment
 * @param attempts how often a firing is begun until it counts as failed, if each time the process
 *     that runs it dies
 * @param patience how long {@link Scheduler#close} waits for work that runs
 */
public record SchedulerOptions(
    Duration lease, Duration lookEvery, int attempts, Duration patience) {

  private static final Duration LEAST = Duration.ofMillis(100);

  /** A lease of 30 s, a look every 5 s, 3 attempts, and a patience of 30 s. */
  public static final SchedulerOptions DEFAULT =
      new SchedulerOptions(
          Duration.ofSeconds(30), Duration.ofSeconds(5), 3, Duration.ofSeconds(30));

  /**
   * Checks the settings.
   *
   * @throws InvalidScheduleException if the lease or the look is shorter than 0.1 s, there is not
   *     one attempt, or the patience is negative
   */
  public SchedulerOptions {
    if (lease.compareTo(LEAST) < 0 || lookEvery.compareTo(LEAST) < 0) {
      throw new InvalidScheduleException(
          "lease and lookEvery are " + LEAST + " or longer, found " + lease + " and " + lookEvery);
    }
    if (attempts < 1 || patience.isNegative()) {
      throw new InvalidScheduleException(
          "attempts is 1 or more and patience not negative, found "
              + attempts
              + " and "
              + patience);
    }
  }

  /** The same with another lease. */
  public SchedulerOptions withLease(Duration newLease) {
    return new SchedulerOptions(newLease, lookEvery, attempts, patience);
  }

  /** The same with another time between looks. */
  public SchedulerOptions withLookEvery(Duration interval) {
    return new SchedulerOptions(lease, interval, attempts, patience);
  }

  /** The same with another number of attempts. */
  public SchedulerOptions withAttempts(int most) {
    return new SchedulerOptions(lease, lookEvery, most, patience);
  }

  /** The same with another patience. */
  public SchedulerOptions withPatience(Duration wait) {
    return new SchedulerOptions(lease, lookEvery, attempts, wait);
  }
}
