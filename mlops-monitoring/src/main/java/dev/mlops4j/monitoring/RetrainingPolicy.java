package dev.mlops4j.monitoring;

import dev.mlops4j.monitoring.RetrainingRecord.State;
import dev.mlops4j.pipeline.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What calls for a retraining and what stands against it; decides by what was, and changes nothing.
 *
 * @param newRows how many new labelled rows call for one; 0 if none do
 * @param leastRows how many there must be whatever calls for it
 * @param coolDown how long after one that did not fail none runs; null for {@link
 *     #DEFAULT_COOL_DOWN} against an alert alone, after one that an alert alone called for or that
 *     was begun since
 * @param backOff how long after the second failure in a row nothing runs; twice as long after each
 *     further one
 */
record RetrainingPolicy(
    Set<AlertKind> kinds,
    @Nullable Timing timing,
    long newRows,
    long leastRows,
    @Nullable Duration coolDown,
    @Nullable QuietHours quietHours,
    int mostPerWeek,
    Duration backOff) {

  static final Duration WEEK = Duration.ofDays(7);
  static final Duration DEFAULT_COOL_DOWN = Duration.ofDays(28);
  private static final int MOST_DOUBLINGS = 16;

  /** Which planned times are looked at for how close they come. */
  private static final Instant LOOKED_FROM = Instant.parse("2024-01-01T00:00:00Z");

  private static final int LOOKED_AT = 120;

  RetrainingPolicy {
    kinds = kinds.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(kinds));
  }

  /**
   * Decides.
   *
   * @param alert what an alert calls for, or null
   * @param past all retrainings of the model, in their order
   * @param since when the policy was first asked
   * @param rows counts the labelled rows that became known after an instant; asked if it matters
   */
  RetrainingDecision decide(
      @Nullable Alert alert,
      List<RetrainingRecord> past,
      Instant since,
      Instant now,
      ToLongFunction<Instant> rows) {
    List<String> why = new ArrayList<>();
    if (alert != null && kinds.contains(alert.kind())) {
      why.add("alert " + alert.id() + ": " + alert);
    }
    boolean isForAlert = !why.isEmpty();
    planned(past, since, now).ifPresent(at -> why.add(plannedFor(at)));
    long found = newRows > 0 ? rows.applyAsLong(newSince(past, since)) : 0;
    if (newRows > 0 && found >= newRows) {
      why.add(found + " new labelled rows, " + newRows + " or more call for it");
    }
    Alert alone = isForAlert && why.size() == 1 ? alert : null;
    List<String> whyNot = why.isEmpty() ? List.of() : against(past, now, alone, rows);
    return new RetrainingDecision(!why.isEmpty() && whyNot.isEmpty(), why, whyNot);
  }

  /**
   * The time between two planned times that is shorter than the cool-down, if there is any: that
   * would hold them back. An hour less than a day or more is not: clocks go forward.
   */
  Optional<Duration> shorterThanCoolDown() {
    if (timing == null || coolDown == null) {
      return Optional.empty();
    }
    boolean isOfDays = coolDown.compareTo(Duration.ofDays(1)) >= 0;
    Duration least = isOfDays ? coolDown.minusHours(1) : coolDown;
    Optional<Instant> planned = timing.next(LOOKED_FROM);
    for (int i = 0; i < LOOKED_AT && planned.isPresent(); i++) {
      Instant before = planned.get();
      planned = timing.next(before);
      Optional<Duration> between = planned.map(at -> Duration.between(before, at));
      if (between.filter(time -> time.compareTo(least) < 0).isPresent()) {
        return between;
      }
    }
    return Optional.empty();
  }

  /** Since when labelled rows are new: the last retraining that did not fail, or the beginning. */
  static Instant newSince(List<RetrainingRecord> past, Instant since) {
    return lastNotFailed(past).map(RetrainingRecord::triggeredAt).orElse(since);
  }

  static int failuresInARow(List<RetrainingRecord> past) {
    int failures = 0;
    while (failures < past.size() && past.get(past.size() - 1 - failures).state() == State.FAILED) {
      failures++;
    }
    return failures;
  }

  /** Of planned times the last one, if nothing that did not fail was begun since. */
  private Optional<Instant> planned(List<RetrainingRecord> past, Instant since, Instant now) {
    return timing == null
        ? Optional.empty()
        : timing.latest(now).filter(at -> at.isAfter(newSince(past, since)));
  }

  private static String plannedFor(Instant at) {
    return "planned for " + at;
  }

  private List<String> against(
      List<RetrainingRecord> past,
      Instant now,
      @Nullable Alert alone,
      ToLongFunction<Instant> rows) {
    List<String> against = new ArrayList<>();
    if (past.stream().anyMatch(RetrainingPolicy::isOpen)) {
      against.add("one runs");
    }
    cooledDown(past, alone)
        .filter(now::isBefore)
        .ifPresent(until -> against.add("the cool-down lasts until " + until));
    if (isQuiet(now)) {
      against.add("these are quiet hours, " + quietHours);
    }
    long lately =
        past.stream()
            .filter(each -> each.triggeredAt().plus(WEEK).isAfter(now))
            .filter(each -> begin(each).plus(WEEK).isAfter(now))
            .count();
    if (lately >= mostPerWeek) {
      against.add(lately + " ran in the last seven days, at most " + mostPerWeek + " may");
    }
    // Before the first one all rows there are count, whenever the policy was first asked.
    long found = leastRows > 0 ? rows.applyAsLong(newSince(past, Instant.EPOCH)) : 0;
    if (found < leastRows) {
      against.add(found + " new labelled rows, at least " + leastRows + " are needed");
    }
    backedOffUntil(past)
        .filter(now::isBefore)
        .ifPresent(
            until -> against.add(failuresInARow(past) + " failed in a row, waits until " + until));
    return against;
  }

  /**
   * When the cool-down ends. Unless stated there is one for an alert alone: after what an alert
   * alone called for, and after whatever was begun since this alert was raised. So a weekly one
   * does not make a policy deaf to what comes up between two weeks.
   */
  private Optional<Instant> cooledDown(List<RetrainingRecord> past, @Nullable Alert alone) {
    if (coolDown != null) {
      return lastNotFailed(past).map(last -> begin(last).plus(coolDown));
    }
    return past.stream()
        .filter(each -> each.state() != State.FAILED)
        .filter(each -> alone != null && (isForAlertAlone(each) || isSince(each, alone)))
        .reduce((one, later) -> later)
        .map(last -> begin(last).plus(DEFAULT_COOL_DOWN));
  }

  /** Also of those that were recorded without words. */
  private static boolean isForAlertAlone(RetrainingRecord record) {
    return record.alertId() != null && record.why().size() <= 1;
  }

  private static boolean isSince(RetrainingRecord record, Alert alert) {
    return !record.triggeredAt().isBefore(alert.raisedAt());
  }

  boolean isQuiet(Instant now) {
    return quietHours != null && quietHours.contains(now);
  }

  /**
   * From when on one counts for what it holds back. For a planned one that is its planned time,
   * whenever it was seen: else each planned time would be as late as the checks before it together.
   */
  private Instant begin(RetrainingRecord record) {
    Instant triggered = record.triggeredAt();
    return timing == null
        ? triggered
        : timing
            .latest(triggered)
            .filter(at -> record.why().contains(plannedFor(at)))
            .orElse(triggered);
  }

  /** One failure may be chance; from the second on it waits, each time twice as long. */
  private Optional<Instant> backedOffUntil(List<RetrainingRecord> past) {
    int failures = failuresInARow(past);
    if (failures < 2) {
      return Optional.empty();
    }
    RetrainingRecord last = past.get(past.size() - 1);
    long times = 1L << Math.min(failures - 2, MOST_DOUBLINGS);
    return last.endedAt().map(ended -> ended.plus(backOff.multipliedBy(times)));
  }

  private static boolean isOpen(RetrainingRecord record) {
    return record.state() == State.PENDING || record.state() == State.RUNNING;
  }

  private static Optional<RetrainingRecord> lastNotFailed(List<RetrainingRecord> past) {
    return past.stream().filter(each -> each.state() != State.FAILED).reduce((one, later) -> later);
  }
}
