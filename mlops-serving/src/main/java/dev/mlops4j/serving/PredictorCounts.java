package dev.mlops4j.serving;

import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a {@link Predictor} has done since it was built; all numbers only grow. Immutable.
 *
 * @param answered how many predictions each arm gave, {@code champion} among them; fallbacks are
 *     counted apart
 * @param fallbacks how many answers were fallbacks, by their cause; every cause is there
 * @param failed how many requests got an exception
 * @param armFailures how often an arm beside the champion failed, so that the champion answered
 * @param listenerFailures how often a listener threw
 * @param lookups how fresh looked-up features were, by view
 */
public record PredictorCounts(
    SortedMap<String, Long> answered,
    SortedMap<Fallback.Cause, Long> fallbacks,
    long failed,
    long armFailures,
    long listenerFailures,
    SortedMap<String, Lookups> lookups) {

  /** Copies the maps. */
  public PredictorCounts {
    answered = Collections.unmodifiableSortedMap(new TreeMap<>(answered));
    fallbacks = Collections.unmodifiableSortedMap(new TreeMap<>(fallbacks));
    lookups = Collections.unmodifiableSortedMap(new TreeMap<>(lookups));
  }

  /** How many predictions the arms gave in all. */
  public long allAnswered() {
    return sum(answered);
  }

  /** How many answers were fallbacks in all. */
  public long allFallbacks() {
    return sum(fallbacks);
  }

  private static long sum(Map<?, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * Lookups in one view.
   *
   * @param present how many found all features current
   * @param stale how many found an event older than the view's ttl, and nothing worse
   * @param missing how many found no event for a feature
   */
  public record Lookups(long present, long stale, long missing) {}
}
