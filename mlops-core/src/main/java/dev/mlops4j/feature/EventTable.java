package dev.mlops4j.feature;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Events of one key by their positions, in ascending order unless said otherwise: what values are
 * computed of, wherever the events are held.
 */
interface EventTable {

  int size();

  long eventTime(int position);

  long known(int position);

  /** The value in this column of the view, in its type's Java type. */
  @Nullable Object value(int position, int column);

  /** Whether the value is null. */
  boolean isNull(int position, int column);

  /** The value, not null, of a numeric or BOOLEAN column as a number. */
  double number(int position, int column);

  /** A value of an event, not null, as a number. */
  static double number(@Nullable Object value) {
    return value instanceof Number number
        ? number.doubleValue()
        : Boolean.TRUE.equals(value) ? 1 : 0;
  }

  /** The table of events that are objects already. */
  static EventTable of(List<FeatureEvent> ascending) {
    return new OfEvents(ascending);
  }

  /** A view of a list, which may grow. */
  record OfEvents(List<FeatureEvent> ascending) implements EventTable {

    @Override
    public int size() {
      return ascending.size();
    }

    @Override
    public long eventTime(int position) {
      return ascending.get(position).eventTime();
    }

    @Override
    public long known(int position) {
      return ascending.get(position).known();
    }

    @Override
    public @Nullable Object value(int position, int column) {
      return ascending.get(position).values()[column];
    }

    @Override
    public boolean isNull(int position, int column) {
      return ascending.get(position).values()[column] == null;
    }

    @Override
    public double number(int position, int column) {
      return EventTable.number(ascending.get(position).values()[column]);
    }
  }
}
