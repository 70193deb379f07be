package dev.mlops4j.feature;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.TimestampColumn;
import org.jspecify.annotations.Nullable;

/** When the events of a dataset's rows happened and were known, in microseconds since the epoch. */
final class EventTimes {

  private final TimestampColumn times;
  private final @Nullable TimestampColumn known;
  private final long delay;

  /** Of rows that have the view's columns, with no time missing. */
  EventTimes(FeatureView view, Dataset rows) {
    times = (TimestampColumn) rows.column(view.eventTime());
    known = view.knownTime().map(column -> (TimestampColumn) rows.column(column)).orElse(null);
    delay = Micros.of(view.availableAfter());
  }

  long eventTime(int row) {
    return times.microsAt(row);
  }

  long known(int row) {
    return known != null ? known.microsAt(row) : Micros.plus(times.microsAt(row), delay);
  }
}
