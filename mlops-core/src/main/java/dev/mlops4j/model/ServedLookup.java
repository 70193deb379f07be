package dev.mlops4j.model;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one lookup of a feature set found when a prediction was served. Without the values, which
 * are in the prediction's vector.
 *
 * @param alias the name under which the set looks the view up; a view may be looked up under
 *     several
 * @param status why the values are what they are: of the latest event, or of the windows for a view
 *     that has features of windows alone
 * @param eventTime the event time of the latest event that was visible, stale or not, to the
 *     microsecond; null if there was none
 */
public record ServedLookup(String alias, Status status, @Nullable Instant eventTime) {

  /** Why values were served. */
  public enum Status {
    /** There was an event. */
    PRESENT,
    /** The latest visible event was older than the ttl. */
    STALE,
    /** There was no visible event, or the request had no key. */
    MISSING,
    /** The store gave no answer; what a key without events has was served in its place. */
    UNANSWERED
  }
}
