package dev.mlops4j.monitoring;

import dev.mlops4j.model.ServedLookup;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How the latest event behind a looked-up value as it was served compares, by event time, with the
 * latest one that is visible offline: a hint why the values differ. No event is older than any.
 */
public enum ServedEvent {
  /** The served one is older: the event offline was not there, or not yet. */
  OLDER("older: the online store was behind, or the event came late"),
  /** They are of one time; what differs is something else. */
  SAME(
      "same: another event of a window, a correction, the moment of asking or the definition"
          + " differs"),
  /** The served one is newer: it is gone from what is visible offline. */
  NEWER(
      "newer: what was served is not visible offline: erased, beyond the retention, known only"
          + " later, or asked at an earlier moment now"),
  /** The store gave no answer, and defaults were served in its place. */
  UNANSWERED("unanswered: the online store gave no answer, and defaults were served"),
  /** Nothing says which event was served. */
  NOT_RECORDED("not recorded: the feature log does not have what this lookup found");

  private final String meaning;

  ServedEvent(String meaning) {
    this.meaning = meaning;
  }

  /** A line for people that says what it is a sign of. */
  public String meaning() {
    return meaning;
  }

  /** One or several words, in lower case. */
  String word() {
    return meaning.substring(0, meaning.indexOf(':'));
  }

  static ServedEvent of(@Nullable ServedLookup served, @Nullable Instant offline) {
    if (served == null) {
      return NOT_RECORDED;
    }
    if (served.status() == ServedLookup.Status.UNANSWERED) {
      return UNANSWERED;
    }
    Instant then = served.eventTime() == null ? Instant.MIN : served.eventTime();
    int order = then.compareTo(offline == null ? Instant.MIN : offline);
    return order < 0 ? OLDER : order > 0 ? NEWER : SAME;
  }
}
