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
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What calls for a retraining and what stands against it; decides by what was, and changes nothing.
 *
 * @param newRows how many new labelled rows call for one; 0 if none do
 * @param leastRows how many there must be whatever calls for it
 * @param backOff how long after the second failure in a row nothing runs; twice as long after each
 *     further one
 */
record RetrainingPolicy(
    Set<AlertKind> kinds,
    @Nullable Timing timing,
    long newRows,
    long leastRows,
    Duration coolDown,
    @Nullable QuietHours quietHours,
    int mostPerWeek,
    Duration backOff) {

  static final Duration WEEK = Duration.ofDays(7);
  private static final int MOST_DOUBLINGS = 16;

  RetrainingPolicy {
    kinds = kinds.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(kinds));
  }

  /**
   * Decides.
   *
   * @param alert what an alert calls for, or null
   * @param past all retrainings of the model, in their order
   * @param since when the policy was first asked
   * @param rows counts the labelled rows that are new since {@link #newSince}; asked if it matters
   */
  RetrainingDecision decide(
      @Nullable Alert alert,
      List<RetrainingRecord> past,
      Instant since,
      Instant now,
      LongSupplier rows) {
    long found = newRows > 0 || leastRows > 0 ? rows.getAsLong() : 0;
    List<String> why = new ArrayList<>();
    if (alert != null && kinds.contains(alert.kind())) {
      why.add("alert " + alert.id() + ": " + alert);
    }
    planned(past, since, now).ifPresent(at -> why.add("planned for " + at));
    if (newRows > 0 && found >= newRows) {
      why.add(found + " new labelled rows, " + newRows + " or more call for it");
    }
    List<String> whyNot = why.isEmpty() ? List.of() : against(past, now, found);
    return new RetrainingDecision(!why.isEmpty() && whyNot.isEmpty(), why, whyNot);
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

  private List<String> against(List<RetrainingRecord> past, Instant now, long rows) {
    List<String> against = new ArrayList<>();
    if (past.stream().anyMatch(RetrainingPolicy::isOpen)) {
      against.add("one runs");
    }
    lastNotFailed(past)
        .map(last -> last.triggeredAt().plus(coolDown))
        .filter(now::isBefore)
        .ifPresent(until -> against.add("the cool-down lasts until " + until));
    QuietHours quiet = quietHours;
    if (quiet != null && quiet.contains(now)) {
      against.add("these are quiet hours, " + quiet);
    }
    long lately = past.stream().filter(each -> each.triggeredAt().plus(WEEK).isAfter(now)).count();
    if (lately >= mostPerWeek) {
      against.add(lately + " ran in the last seven days, at most " + mostPerWeek + " may");
    }
    if (rows < leastRows) {
      against.add(rows + " new labelled rows, at least " + leastRows + " are needed");
    }
    backedOffUntil(past)
        .filter(now::isBefore)
        .ifPresent(
            until -> against.add(failuresInARow(past) + " failed in a row, waits until " + until));
    return against;
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
