package dev.mlops4j.pipeline;

import dev.mlops4j.workspace.ProcessIdentity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One time that a schedule's work was due, and what came of it. Immutable; times are cut to
 * microseconds when they are stored.
 *
 * @param id the same for every attempt; unique within the schedule
 * @param schedule the schedule's name
 * @param planned when it was due: the planned time, or when a person asked for it
 * @param requested whether a person asked for it
 * @param state how far it is
 * @param passedOver how many planned times before it were not run, as the misfire policy says;
 *     {@value #MOST_COUNTED} if there were as many or more
 * @param attempts how often it was begun and not given back
 * @param token the fencing token of the last attempt: greater than that of every attempt before, of
 *     this and all other firings of the schedule; 0 before the first
 * @param holder the process that runs it or ran it last, or null
 * @param leaseUntil until when the holder need not show that it lives; null unless it runs
 * @param startedAt when the last attempt began, or null
 * @param endedAt when it ended, or null
 * @param text what the work gave, or why it failed or was skipped; null before the end
 * @param runId the tracked run that the work named, or null
 */
public record FiringRecord(
    String id,
    String schedule,
    Instant planned,
    boolean requested,
    State state,
    long passedOver,
    int attempts,
    long token,
    @Nullable ProcessIdentity holder,
    @Nullable Instant leaseUntil,
    @Nullable Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable String text,
    @Nullable String runId) {

  /** How far {@link #passedOver} is counted. */
  public static final int MOST_COUNTED = 1_000;

  /** How far a firing is. */
  public enum State {
    /**
     * It is to be run: a person asked for it, or the process that ran it was closed, or died in a
     * pause.
     */
    WAITING,
    /** It runs, or the process that ran it has died and was not found dead yet. */
    RUNNING,
    /** The work returned. */
    DONE,
    /** The work threw, or every process that ran it died. */
    FAILED,
    /** It was due and not run, as the misfire policy says. */
    SKIPPED
  }

  /** A planned time that is due. */
  static FiringRecord due(String schedule, Instant planned, long passedOver) {
    return waiting(schedule + "@" + planned, schedule, planned, false, passedOver);
  }

  /** What a person asks for. */
  static FiringRecord requested(String schedule, Instant at, String unique) {
    return waiting(schedule + "@" + at + "/" + unique, schedule, at, true, 0);
  }

  private static FiringRecord waiting(
      String id, String schedule, Instant planned, boolean requested, long passedOver) {
    return new FiringRecord(
        id,
        schedule,
        planned,
        requested,
        State.WAITING,
        passedOver,
        0,
        0,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  /** The same, begun once more by this process; the store gives the token. */
  FiringRecord begun(Instant now, Instant until) {
    return new FiringRecord(
        id,
        schedule,
        planned,
        requested,
        State.RUNNING,
        passedOver,
        attempts + 1,
        token,
        ProcessIdentity.current(),
        until,
        now,
        null,
        null,
        runId);
  }

  /** The same, to be begun again later. */
  FiringRecord givenBack() {
    return new FiringRecord(
        id,
        schedule,
        planned,
        requested,
        State.WAITING,
        passedOver,
        attempts,
        token,
        holder,
        null,
        startedAt,
        null,
        null,
        runId);
  }

  FiringRecord ended(State outcome, Instant at, String words) {
    return new FiringRecord(
        id,
        schedule,
        planned,
        requested,
        outcome,
        passedOver,
        attempts,
        token,
        holder,
        null,
        startedAt,
        at,
        words,
        runId);
  }

  FiringRecord withToken(long newToken) {
    return new FiringRecord(
        id,
        schedule,
        planned,
        requested,
        state,
        passedOver,
        attempts,
        newToken,
        holder,
        leaseUntil,
        startedAt,
        endedAt,
        text,
        runId);
  }

  /** Whether it has not ended. */
  public boolean isOpen() {
    return state == State.WAITING || state == State.RUNNING;
  }
}
