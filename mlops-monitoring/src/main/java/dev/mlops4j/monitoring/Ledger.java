package dev.mlops4j.monitoring;

import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.function.LongConsumer;

/**
 * The predictions of one model and their outcomes. Safe for any number of threads and processes.
 */
interface Ledger extends EntrySink {

  /**
   * Records all of these, durable on return, or none if it throws. Of predictions of the same id
   * the first one stays; one that is {@linkplain #refused refused} is left out. An outcome that is
   * the one known last already, or was recorded with the same time, changes nothing but since when
   * that is known last; any other is kept beside those before. Of failures of the same id one is
   * kept.
   */
  @Override
  void write(List<LedgerEntry> entries);

  /**
   * How many predictions were left out by {@link #write}: they were asked before what {@link
   * #removeBefore} has removed, whose windows are as they were, or have an id that is too long.
   */
  default long refused() {
    return 0;
  }

  /** Whether it can record an id or a value like this; one it cannot is never recorded. */
  default boolean holds(String text) {
    return true;
  }

  /**
   * Puts the features of a version in place of what was counted of its predictions, if their
   * vectors are not kept.
   */
  default void completeFeatures(
      Reference reference, int version, long period, PeriodCounts counts) {}

  /** How many predictions have features that could be neither kept nor counted. */
  default long uncountedFeatures() {
    return 0;
  }

  /** How many predictions there are. */
  long predictionCount();

  /** The latest moment of asking, in microseconds. */
  OptionalLong lastAskedAt();

  /** How many predictions are not there of which an outcome is known. */
  long outcomesWithoutPrediction();

  /** Whether anything was asked in {@code [from, to)}. */
  boolean asked(long fromMicros, long toMicros);

  /**
   * The earliest moment of a request, answered or not, that is not before this one, in
   * microseconds.
   */
  OptionalLong nextRequestAt(long fromMicros);

  /** Whether anything was asked in {@code [from, to)}, answered or not. */
  default boolean requested(long fromMicros, long toMicros) {
    return asked(fromMicros, toMicros) || failures(fromMicros, toMicros) > 0;
  }

  /** How many predictions of {@code [from, to)} each version answered. */
  List<VersionCount> versions(long fromMicros, long toMicros);

  /** Shows the predictions asked in {@code [from, to)}, by that time, then by id. */
  void scan(long fromMicros, long toMicros, Visitor visitor);

  /** How long the predictions asked in {@code [from, to)} took, of which that was measured. */
  void scanNanos(long fromMicros, long toMicros, LongConsumer visitor);

  /** Shows those of them whose request was logged, in the same order. */
  void scanLogged(long fromMicros, long toMicros, LoggedVisitor visitor);

  /** How many predictions were asked in {@code [from, to)}. */
  default long count(long fromMicros, long toMicros) {
    return versions(fromMicros, toMicros).stream().mapToLong(VersionCount::count).sum();
  }

  /** Sees predictions with their requests. */
  @FunctionalInterface
  interface LoggedVisitor {

    /** Sees one, and what was logged of it. */
    void visit(
        String id, long askedAtMicros, int version, double[] vector, FeatureLog.Logged logged);
  }

  /** A version and how many predictions it answered. */
  record VersionCount(int version, long count) {}

  /** How many requests failed in {@code [from, to)}. */
  long failures(long fromMicros, long toMicros);

  /**
   * The changes that came to periods of this length after their evaluation with outcomes was
   * {@linkplain JdbcWindows#announce announced}, and are not settled yet: how many there were, by
   * the number of the period.
   */
  SortedMap<Long, Long> changes(long lengthMicros);

  /**
   * Removes these predictions with all that is known of them, and outcomes of these ids without a
   * prediction; durable on return.
   *
   * @return how many predictions there were
   */
  long erase(Collection<String> ids);

  /**
   * Removes all that is known of ids that start with this text; in several transactions.
   *
   * @return how many predictions there were
   */
  long eraseStartingWith(String prefix);

  /**
   * Removes predictions asked before a moment with all that is known of them, and outcomes without
   * a prediction that were known before it; in several transactions. What was asked before it is
   * refused from then on.
   *
   * @return how many predictions there were
   */
  long removeBefore(long micros);

  /** Sees predictions. */
  @FunctionalInterface
  interface Visitor {

    /** Sees one. */
    void visit(LedgerRow row);
  }
}
