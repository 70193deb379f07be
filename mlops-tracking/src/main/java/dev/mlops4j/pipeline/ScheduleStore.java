package dev.mlops4j.pipeline;

import dev.mlops4j.pipeline.FiringRecord.State;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where schedules and their firings are kept: for authors of backends. Decides nothing but whether
 * what a caller has seen is still so; each method is atomic, durable when it returns and seen by
 * every process at once. Safe for any number of threads and processes.
 *
 * <p>Of a schedule at most one firing is RUNNING. Times are cut to microseconds.
 */
public interface ScheduleStore {

  /** How many of the last firings of a schedule are kept. */
  int KEPT = 1_000;

  /**
   * Makes a schedule whose planned times are settled up to {@code now}. If there is one of this
   * timing already it stays as it is; one of another timing gets this one and is settled up to
   * {@code now}, if it was not further already, paused as it was.
   *
   * @return the schedule as it is then
   */
  ScheduleState define(String name, String timing, Instant now);

  /** One schedule. */
  Optional<ScheduleState> find(String name);

  /** All schedules, by name. */
  List<ScheduleState> all();

  /**
   * Stores a firing, in place of the one with its id if there is one, and up to where the planned
   * times are settled, unless the schedule or one of its open firings is not as {@code seen} any
   * longer. A RUNNING firing is given the next token. If the one with its id has ended, that stays
   * as it is and is given, and only the planned times are settled. Of the firings that have ended
   * those before the last {@link #KEPT} may be forgotten.
   *
   * @return the firing as it is stored, or empty if nothing was
   */
  Optional<FiringRecord> advance(ScheduleState seen, Instant plannedTo, FiringRecord firing);

  /**
   * Extends the lease of a firing that is RUNNING with the token of {@code held}.
   *
   * @return whether it was
   */
  boolean renew(FiringRecord held, Instant until);

  /**
   * Notes the tracked run of a firing that is RUNNING with the token of {@code held}.
   *
   * @return whether it was
   */
  boolean track(FiringRecord held, String runId);

  /**
   * Ends a firing that is RUNNING with the token of {@code held}, or has it wait again, which gives
   * the attempt back.
   *
   * @param state DONE, FAILED or WAITING
   * @param text what came of it; null if it waits
   * @return whether it was
   */
  boolean end(FiringRecord held, State state, Instant at, @Nullable String text);

  /**
   * Stores a firing that a person asks for, unless one waits that somebody asked for.
   *
   * @param firing WAITING
   * @return the one that waits
   * @throws NoSuchScheduleException if there is no such schedule
   */
  FiringRecord request(FiringRecord firing);

  /**
   * Pauses a schedule; one that is paused stays so, for its reason.
   *
   * @throws NoSuchScheduleException if there is no such schedule
   */
  void pause(String name, Instant at, String reason);

  /**
   * Ends a pause, and settles the planned times up to {@code at}, if they were not further already;
   * changes nothing without a pause.
   *
   * @throws NoSuchScheduleException if there is no such schedule
   */
  void resume(String name, Instant at);

  /**
   * States up to where the planned times are settled, also if they were further.
   *
   * @throws NoSuchScheduleException if there is no such schedule
   */
  void settle(String name, Instant plannedTo);

  /**
   * The last firings of a schedule, the latest first.
   *
   * @param limit how many at most
   * @throws NoSuchScheduleException if there is no such schedule
   */
  List<FiringRecord> history(String name, int limit);
}
