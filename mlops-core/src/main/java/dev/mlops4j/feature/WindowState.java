package dev.mlops4j.feature;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a function gives over the events in a window. Events come and go in any order, and the value
 * depends on those that are there alone, to the bit: sums are exact, and what is not a sum is kept
 * value by value. Not safe for use by several threads.
 */
abstract sealed class WindowState {

  private static final int[] NO_COLUMNS = {};

  final int column;
  private int[] conditionColumns = NO_COLUMNS;
  private List<Condition> conditions = List.of();

  private WindowState(int column) {
    this.column = column;
  }

  /** Begins without events, which are in ascending order of their positions. */
  static WindowState of(FeatureView view, Aggregation aggregation) {
    return of(view, aggregation, Comparator.naturalOrder());
  }

  /**
   * Begins without events.
   *
   * @param order compares positions by their events
   */
  static WindowState of(FeatureView view, Aggregation aggregation, Comparator<Integer> order) {
    String name = aggregation.column();
    int column = name == null ? -1 : view.column(name);
    WindowState state =
        switch (aggregation.function()) {
          case COUNT -> new Count();
          case DISTINCT_COUNT -> new Distinct(column);
          case SUM -> new Sum(column, false);
          case MEAN -> new Sum(column, true);
          case STANDARD_DEVIATION -> new Deviation(column);
          case MIN -> new Extreme(column, true);
          case MAX -> new Extreme(column, false);
          case FIRST -> new End(column, true, order);
          case LAST -> new End(column, false, order);
        };
    state.conditions = aggregation.conditions();
    state.conditionColumns =
        state.conditions.stream().mapToInt(condition -> view.column(condition.column())).toArray();
    return state;
  }

  /** Takes an event that has come into the window, if it fulfils the conditions. */
  final void add(EventTable events, int position) {
    if (fulfils(events, position)) {
      take(events, position);
    }
  }

  /** Lets go of an event that was added and has left the window. */
  final void remove(EventTable events, int position) {
    if (fulfils(events, position)) {
      release(events, position);
    }
  }

  abstract void take(EventTable events, int position);

  abstract void release(EventTable events, int position);

  /** The value over the events that are there; null if there is nothing to compute it of. */
  abstract @Nullable Object value(EventTable events);

  /** The value as a number, NaN for none, of a function that gives one. */
  double number(EventTable events) {
    return FeatureValues.number(value(events));
  }

  private boolean fulfils(EventTable events, int position) {
    for (int i = 0; i < conditionColumns.length; i++) {
      if (!conditions.get(i).test(events.value(position, conditionColumns[i]))) {
        return false;
      }
    }
    return true;
  }

  private static final class Count extends WindowState {

    private long events;

    Count() {
      super(-1);
    }

    @Override
    void take(EventTable table, int position) {
      events++;
    }

    @Override
    void release(EventTable table, int position) {
      events--;
    }

    @Override
    Object value(EventTable table) {
      return events;
    }

    @Override
    double number(EventTable table) {
      return events;
    }
  }

  private static final class Distinct extends WindowState {

    private final Map<Object, int[]> counts = new HashMap<>();

    Distinct(int column) {
      super(column);
    }

    @Override
    void take(EventTable events, int position) {
      Object value = same(events.value(position, column));
      if (value != null) {
        counts.computeIfAbsent(value, v -> new int[1])[0]++;
      }
    }

    @Override
    void release(EventTable events, int position) {
      Object value = same(events.value(position, column));
      int[] count = value == null ? null : counts.get(value);
      if (value != null && count != null && --count[0] == 0) {
        counts.remove(value);
      }
    }

    @Override
    Object value(EventTable events) {
      return (long) counts.size();
    }

    private static @Nullable Object same(@Nullable Object value) {
      return value instanceof Double number ? (Object) (number + 0.0) : value;
    }
  }

  /** A sum or a mean, exact and rounded once. */
  private static final class Sum extends WindowState {

    private final OrderFreeSum sum = new OrderFreeSum();
    private final boolean mean;
    private int count;

    Sum(int column, boolean mean) {
      super(column);
      this.mean = mean;
    }

    @Override
    void take(EventTable events, int position) {
      if (!events.isNull(position, column)) {
        sum.add(events.number(position, column));
        count++;
      }
    }

    @Override
    void release(EventTable events, int position) {
      if (!events.isNull(position, column)) {
        sum.remove(events.number(position, column));
        count--;
      }
    }

    @Override
    @Nullable Object value(EventTable events) {
      return count == 0 ? null : (Object) number(events);
    }

    @Override
    double number(EventTable events) {
      if (count == 0) {
        return Double.NaN;
      }
      return mean ? sum.value() / count : sum.value();
    }
  }

  /** The standard deviation of the sample, from exact sums of the values and their squares. */
  private static final class Deviation extends WindowState {

    private final OrderFreeSum sum = new OrderFreeSum();
    private final OrderFreeSum squares = new OrderFreeSum();
    private int count;

    /** The value, as long as no event comes or goes: it costs more than the sums. */
    private @Nullable Double known;

    Deviation(int column) {
      super(column);
    }

    @Override
    void take(EventTable events, int position) {
      if (!events.isNull(position, column)) {
        double value = events.number(position, column);
        sum.add(value);
        squares.addSquare(value);
        count++;
        known = null;
      }
    }

    @Override
    void release(EventTable events, int position) {
      if (!events.isNull(position, column)) {
        double value = events.number(position, column);
        sum.remove(value);
        squares.removeSquare(value);
        count--;
        known = null;
      }
    }

    @Override
    @Nullable Object value(EventTable events) {
      if (count < 2) {
        return null;
      }
      Double value = known;
      if (value == null) {
        value = OrderFreeSum.standardDeviation(sum, squares, count);
        known = value;
      }
      return value;
    }
  }

  private static final class Extreme extends WindowState {

    private final TreeMap<Double, int[]> counts = new TreeMap<>();
    private final boolean least;

    Extreme(int column, boolean least) {
      super(column);
      this.least = least;
    }

    @Override
    void take(EventTable events, int position) {
      if (!events.isNull(position, column)) {
        counts.computeIfAbsent(events.number(position, column), v -> new int[1])[0]++;
      }
    }

    @Override
    void release(EventTable events, int position) {
      if (!events.isNull(position, column)) {
        Double value = events.number(position, column);
        int[] count = counts.get(value);
        if (count != null && --count[0] == 0) {
          counts.remove(value);
        }
      }
    }

    @Override
    @Nullable Object value(EventTable events) {
      if (counts.isEmpty()) {
        return null;
      }
      // NaN is the last key of all, and what is compared with it is NaN.
      Double greatest = counts.lastKey();
      return greatest.isNaN() || !least ? greatest : counts.firstKey();
    }
  }

  /** The value of the first or last event. */
  private static final class End extends WindowState {

    private final TreeSet<Integer> positions;
    private final boolean first;

    End(int column, boolean first, Comparator<Integer> order) {
      super(column);
      this.positions = new TreeSet<>(order);
      this.first = first;
    }

    @Override
    void take(EventTable events, int position) {
      positions.add(position);
    }

    @Override
    void release(EventTable events, int position) {
      positions.remove(position);
    }

    @Override
    @Nullable Object value(EventTable events) {
      if (positions.isEmpty()) {
        return null;
      }
      return events.value(first ? positions.first() : positions.last(), column);
    }
  }
}
