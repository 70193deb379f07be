package dev.mlops4j.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Work that a {@link Scheduler} of this process can run. Safe for any number of threads. */
public final class Schedule {

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  private final Scheduler scheduler;
  private final String name;
  private final Timing timing;
  private final Misfire misfire;
  private final ScheduledWork work;

  private Schedule(Builder builder, Timing timing, ScheduledWork work) {
    this.scheduler = builder.scheduler;
    this.name = builder.name;
    this.timing = timing;
    this.misfire = builder.misfire;
    this.work = work;
  }

  /** The name. */
  public String name() {
    return name;
  }

  /** The schedule as it is stored. */
  public ScheduleState state() {
    return scheduler.state(name);
  }

  /** As {@link Scheduler#runNow}. */
  public FiringRecord runNow() {
    return scheduler.runNow(name);
  }

  /** As {@link Scheduler#pause}. */
  public void pause(String reason) {
    scheduler.pause(name, reason);
  }

  /** As {@link Scheduler#resume}. */
  public void resume() {
    scheduler.resume(name);
  }

  /** As {@link Scheduler#history}. */
  public List<FiringRecord> history(int limit) {
    return scheduler.history(name, limit);
  }

  @Override
  public String toString() {
    return "schedule " + name + ", " + timing.text();
  }

  Timing timing() {
    return timing;
  }

  Turn.Rules rules(SchedulerOptions options) {
    return new Turn.Rules(timing, misfire, options.attempts(), options.lease());
  }

  ScheduledWork work() {
    return work;
  }

  /** The settings of a schedule. Not safe for use by several threads. */
  public static final class Builder {

    private final Scheduler scheduler;
    private final String name;
    private final List<String> problems = new ArrayList<>();
    private @Nullable Timing timing;
    private Misfire misfire = Misfire.runOnce();

    Builder(Scheduler scheduler, String name) {
      this.scheduler = scheduler;
      this.name = name;
      if (!NAME.matcher(name).matches()) {
        problems.add(
            "the name is 1 to 128 characters out of A-Z a-z 0-9 . _ - that begin with a letter or a"
                + " digit");
      }
    }

    /**
     * Plans by a cron expression, read by the clocks of a zone. Where they go forward, the times
     * left out are run once, at the moment of the change; where they go back, a time that comes
     * twice is run the first time only. If each hour matches, as with {@code *}, real time counts:
     * nothing is run for what is left out, and what comes twice is run twice.
     *
     * @param expression five fields as of Unix, minute hour day-of-month month day-of-week, or six
     *     with the second first. If both days are stated either will do
     * @throws InvalidScheduleException if the expression is wrong, with the field; or if it never
     *     comes
     */
    public Builder cron(String expression, ZoneId zone) {
      return timing(CronTiming.of(expression, zone));
    }

    /** Plans every so often, counted from 1970-01-01T00:00:00Z: a quarter of an hour on the dot. */
    public Builder every(Duration interval) {
      return every(interval, Instant.EPOCH);
    }

    /**
     * Plans every so often, counted from an instant in both directions.
     *
     * @throws InvalidScheduleException if the interval is shorter than a second or longer than
     *     100,000 days
     */
    public Builder every(Duration interval, Instant anchor) {
      return timing(new IntervalTiming(interval, anchor));
    }

    /** What becomes of planned times that were missed; {@link Misfire#runOnce} unless stated. */
    public Builder misfire(Misfire policy) {
      this.misfire = policy;
      return this;
    }

    /**
     * Defines the schedule, durably, with this work in this process; it runs when the scheduler is
     * started. Nothing before its first definition is missed.
     *
     * <p>If it was defined with another timing before, the new one counts from now on, and
     * processes that still have the old one leave the work to those that have the new.
     *
     * @throws InvalidScheduleException with all that is wrong; also if this scheduler has one of
     *     the name
     */
    public Schedule run(ScheduledWork work) {
      if (timing == null) {
        problems.add("cron(expression, zone) or every(interval) is missing: say when");
      }
      if (timing == null || !problems.isEmpty()) {
        throw new InvalidScheduleException(
            "schedule \""
                + name
                + "\" is not described right:\n- "
                + String.join("\n- ", problems));
      }
      Schedule schedule = new Schedule(this, timing, work);
      scheduler.add(schedule);
      return schedule;
    }

    private Builder timing(Timing stated) {
      if (timing != null) {
        problems.add("it is planned once, found " + timing.text() + " and " + stated.text());
      }
      timing = stated;
      return this;
    }
  }
}
