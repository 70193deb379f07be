package dev.mlops4j.pipeline;

import dev.mlops4j.pipeline.FiringRecord.State;
import dev.mlops4j.workspace.ProcessIdentity;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is to be done next for a schedule, by its state alone. Every process comes to the same.
 *
 * @param firing as it is to be stored: RUNNING with this process as the holder, ended, or WAITING
 *     because its process has died in a pause
 * @param plannedTo up to which planned time all is settled then
 */
record Turn(FiringRecord firing, Instant plannedTo) {

  /**
   * What it is decided by, besides the state.
   *
   * @param attempts how often a firing is begun until it counts as failed, if its holders die
   * @param lease how long a holder need not show that it lives
   */
  record Rules(Timing timing, Misfire misfire, int attempts, Duration lease) {}

  /**
   * Decides.
   *
   * @param dueBy planned times after this are left alone; not after {@code now}
   */
  static Optional<Turn> next(ScheduleState seen, Rules rules, Instant now, Instant dueBy) {
    Instant until = now.plus(rules.lease());
    Optional<FiringRecord> running = seen.running();
    if (running.isPresent()) {
      FiringRecord left = running.get();
      return isHeld(left, now)
          ? Optional.empty()
          : Optional.of(new Turn(afterDeath(seen, left, rules, now, until), seen.plannedTo()));
    }
    Optional<FiringRecord> waiting = seen.waiting(firing -> firing.requested() || !seen.isPaused());
    if (waiting.isPresent()) {
      return Optional.of(new Turn(waiting.get().begun(now, until), seen.plannedTo()));
    }
    return seen.isPaused() ? Optional.empty() : due(seen, rules, now, dueBy);
  }

  private static boolean isHeld(FiringRecord running, Instant now) {
    Instant until = running.leaseUntil();
    ProcessIdentity holder = running.holder();
    return until != null && now.isBefore(until) && holder != null && !holder.isGone();
  }

  /** In a pause it waits, so that it does not stand in the way of what a person asks for. */
  private static FiringRecord afterDeath(
      ScheduleState seen, FiringRecord left, Rules rules, Instant now, Instant until) {
    if (left.attempts() >= rules.attempts()) {
      return left.ended(
          State.FAILED,
          now,
          "the process that ran it died, " + left.attempts() + " times; see why before runNow");
    }
    return seen.isPaused() && !left.requested() ? left.givenBack() : left.begun(now, until);
  }

  private static Optional<Turn> due(ScheduleState seen, Rules rules, Instant now, Instant dueBy) {
    int kept = rules.misfire() instanceof Misfire.RunAll all ? all.most() : 1;
    List<Instant> due = latest(seen, rules.timing(), dueBy, kept + FiringRecord.MOST_COUNTED);
    if (due.isEmpty()) {
      return Optional.empty();
    }
    int chosen = Math.min(kept, due.size()) - 1;
    Instant planned = due.get(chosen);
    FiringRecord firing = FiringRecord.due(seen.name(), planned, due.size() - 1L - chosen);
    if (rules.misfire() instanceof Misfire.Skip skip && planned.plus(skip.inTime()).isBefore(now)) {
      String late = "due at " + planned + " and not begun by " + now + ", which is too late";
      return Optional.of(new Turn(firing.ended(State.SKIPPED, now, late), planned));
    }
    return Optional.of(new Turn(firing.begun(now, now.plus(rules.lease())), planned));
  }

  /** The planned times that are not settled, the latest first, at most so many. */
  private static List<Instant> latest(ScheduleState seen, Timing timing, Instant now, int most) {
    List<Instant> due = new ArrayList<>();
    Optional<Instant> planned = timing.latest(now);
    while (planned.isPresent() && planned.get().isAfter(seen.plannedTo()) && due.size() < most) {
      due.add(planned.get());
      planned = timing.latest(planned.get().minusNanos(1));
    }
    return due;
  }
}
