package dev.mlops4j.pipeline;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A schedule as it was when it was read. Immutable.
 *
 * @param name the name
 * @param timing when its work is planned, such as {@code cron 0 3 * * MON in America/New_York} or
 *     {@code every PT15M from 1970-01-01T00:00:00Z}
 * @param definedAt when it got this timing
 * @param plannedTo the planned times up to this one are settled: run, running or skipped
 * @param tokens how many fencing tokens were given, which is the last one
 * @param pausedAt when it was paused, or null
 * @param pauseReason why, or null
 * @param open the firings that have not ended, in the order in which they came
 */
public record ScheduleState(
    String name,
    String timing,
    Instant definedAt,
    Instant plannedTo,
    long tokens,
    @Nullable Instant pausedAt,
    @Nullable String pauseReason,
    List<FiringRecord> open) {

  /** Copies the firings. */
  public ScheduleState {
    open = List.copyOf(open);
  }

  /** Whether it is paused: nothing begins but what a person asks for. */
  public boolean isPaused() {
    return pausedAt != null;
  }

  /**
   * The first planned time after this instant.
   *
   * @return empty if none comes, or if the schedule is paused
   * @throws InvalidScheduleException if the timing was stored by a newer library
   */
  public Optional<Instant> next(Instant after) {
    return isPaused() ? Optional.empty() : Timing.parse(timing).next(after);
  }

  Optional<FiringRecord> running() {
    return openIn(FiringRecord.State.RUNNING).findFirst();
  }

  /** The first that waits of those that count. */
  Optional<FiringRecord> waiting(Predicate<FiringRecord> counts) {
    return openIn(FiringRecord.State.WAITING).filter(counts).findFirst();
  }

  private Stream<FiringRecord> openIn(FiringRecord.State state) {
    return open.stream().filter(firing -> firing.state() == state);
  }
}
