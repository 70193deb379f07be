package dev.mlops4j.tracking;

import dev.mlops4j.data.Timestamps;
import dev.mlops4j.workspace.ProcessIdentity;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Tells which RUNNING runs are abandoned, as of one moment: those that were not seen since a given
 * time, and those whose process has ended. It gives the same answer whenever it is asked, so that
 * what a search filters by is what it shows. Safe for any number of threads.
 */
public final class Liveness {

  private final Instant aliveSince;
  private final Predicate<ProcessIdentity> gone;
  private final Map<ProcessIdentity, Boolean> answers = new ConcurrentHashMap<>();

  /**
   * Judges by these.
   *
   * @param aliveSince a run that was last seen before it is abandoned
   * @param gone whether a process is known to have ended; asked once for each
   */
  public Liveness(Instant aliveSince, Predicate<ProcessIdentity> gone) {
    // Upwards, as the runs' times are whole microseconds.
    Instant cut = Timestamps.fromMicros(Timestamps.toMicros(aliveSince));
    this.aliveSince = cut.equals(aliveSince) ? cut : cut.plus(1, ChronoUnit.MICROS);
    this.gone = gone;
  }

  /** As {@link Tracking} judges at this moment. */
  static Liveness at(Instant now) {
    return new Liveness(now.minus(Tracking.ABANDONED_AFTER), ProcessIdentity::isGone);
  }

  /** The last time at which a run must have been seen, in whole microseconds. */
  public Instant aliveSince() {
    return aliveSince;
  }

  /** Whether a process has ended. */
  public boolean isGone(ProcessIdentity process) {
    return answers.computeIfAbsent(process, gone::test);
  }

  /** The run with the status to be shown. */
  public RunRecord judge(RunRecord run) {
    if (run.status() != RunStatus.RUNNING) {
      return run;
    }
    boolean abandoned = run.seenAt().isBefore(aliveSince) || isGone(run.start().process());
    return abandoned ? run.withStatus(RunStatus.ABANDONED) : run;
  }
}
