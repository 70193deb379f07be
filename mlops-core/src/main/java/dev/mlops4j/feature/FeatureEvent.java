package dev.mlops4j.feature;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One event of a view, as stores keep it.
 *
 * <p>Events of a key are ordered by event time, then known time, then id (by Unicode code points,
 * which is the order of the UTF-8 bytes): {@link #compareTo}. No two events of a view have the same
 * id, so the order leaves no ties.
 *
 * @param key whom it is about
 * @param eventTime when it happened, in microseconds since the epoch
 * @param known when it was known, in microseconds since the epoch
 * @param id what identifies it within the view
 * @param values the values of the view's {@link FeatureView#columns()}, in their order and in their
 *     types' Java types; null is null; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // as many as there are events: a list would cost too much
public record FeatureEvent(
    EntityKey key, long eventTime, long known, String id, @Nullable Object[] values)
    implements Comparable<FeatureEvent> {

  @Override
  public int compareTo(FeatureEvent other) {
    return compare(eventTime, known, id, other.eventTime, other.known, other.id);
  }

  /** The same event, known at another moment. */
  FeatureEvent knownAt(long moment) {
    return new FeatureEvent(key, eventTime, moment, id, values);
  }

  /** The same event with this id. */
  FeatureEvent identified(String newId) {
    return new FeatureEvent(key, eventTime, known, newId, values);
  }

  static int compare(long time1, long known1, String id1, long time2, long known2, String id2) {
    if (time1 != time2) {
      return Long.compare(time1, time2);
    }
    return known1 != known2 ? Long.compare(known1, known2) : compareText(id1, id2);
  }

  /** Compares texts by Unicode code points, which is the order of their UTF-8 bytes. */
  static int compareText(String one, String other) {
    int shorter = Math.min(one.length(), other.length());
    for (int i = 0; i < shorter; i++) {
      char a = one.charAt(i);
      char b = other.charAt(i);
      if (a != b) {
        // Surrogates stand for code points above all others, but below U+E000 as chars.
        boolean aHigh = Character.isSurrogate(a);
        boolean bHigh = Character.isSurrogate(b);
        return aHigh == bHigh ? Character.compare(a, b) : aHigh ? 1 : -1;
      }
    }
    return Integer.compare(one.length(), other.length());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FeatureEvent that
        && key.equals(that.key)
        && eventTime == that.eventTime
        && known == that.known
        && id.equals(that.id)
        && Arrays.equals(values, that.values);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  /** The event without its key and values, which may be sensitive. */
  @Override
  public String toString() {
    return "FeatureEvent " + id + " at " + eventTime + " known " + known;
  }
}
