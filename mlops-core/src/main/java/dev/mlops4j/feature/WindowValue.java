package dev.mlops4j.feature;

import org.jspecify.annotations.Nullable;

/**
 * What a function gives over a window, from the window's events one by one: the latest first, which
 * only {@link Latest} depends on. Not safe for use by several threads.
 */
abstract sealed class WindowValue {

  private final long begin;
  final int column;

  private WindowValue(int column, long begin) {
    this.column = column;
    this.begin = begin;
  }

  /**
   * Begins without events.
   *
   * @param column where in an event's values, or negative for a count
   * @param begin the moment after which the window begins
   */
  static WindowValue of(Aggregation.Function function, int column, long begin) {
    return switch (function) {
      case COUNT -> new Count(begin);
      case LAST -> new Latest(column, begin);
      case SUM -> new Sum(column, begin, false);
      case MEAN -> new Sum(column, begin, true);
      case MIN -> new Extreme(column, begin, true);
      case MAX -> new Extreme(column, begin, false);
    };
  }

  /** Takes an event, if it is after the window's beginning. */
  final void add(FeatureEvent event) {
    if (event.eventTime() > begin) {
      take(event);
    }
  }

  abstract void take(FeatureEvent event);

  /** The value over the events so far; null if there is nothing to compute it of. */
  abstract @Nullable Object value();

  private static double number(Object value) {
    return value instanceof Boolean truth ? (truth ? 1 : 0) : ((Number) value).doubleValue();
  }

  private static final class Count extends WindowValue {

    private long events;

    Count(long begin) {
      super(-1, begin);
    }

    @Override
    void take(FeatureEvent event) {
      events++;
    }

    @Override
    Object value() {
      return events;
    }
  }

  private static final class Latest extends WindowValue {

    private @Nullable FeatureEvent latest;

    Latest(int column, long begin) {
      super(column, begin);
    }

    @Override
    void take(FeatureEvent event) {
      if (latest == null) {
        latest = event;
      }
    }

    @Override
    @Nullable Object value() {
      return latest == null ? null : latest.values()[column];
    }
  }

  /** A sum or a mean, exact and rounded once, whatever the order. */
  private static final class Sum extends WindowValue {

    private final OrderFreeSum sum = new OrderFreeSum();
    private final boolean mean;
    private int count;

    Sum(int column, long begin, boolean mean) {
      super(column, begin);
      this.mean = mean;
    }

    @Override
    void take(FeatureEvent event) {
      Object value = event.values()[column];
      if (value != null) {
        sum.add(number(value));
        count++;
      }
    }

    @Override
    @Nullable Object value() {
      if (count == 0) {
        return null;
      }
      return mean ? sum.value() / count : sum.value();
    }
  }

  private static final class Extreme extends WindowValue {

    private final boolean least;
    private boolean any;
    private double extreme;

    Extreme(int column, long begin, boolean least) {
      super(column, begin);
      this.least = least;
      this.extreme = least ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    }

    @Override
    void take(FeatureEvent event) {
      Object value = event.values()[column];
      if (value != null) {
        double number = number(value);
        extreme = least ? Math.min(extreme, number) : Math.max(extreme, number);
        any = true;
      }
    }

    @Override
    @Nullable Object value() {
      return any ? extreme : null;
    }
  }
}
