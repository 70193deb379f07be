package dev.mlops4j.feature;

import org.jspecify.annotations.Nullable;

/** The functions of a window's events. Sums are exact and rounded once, whatever the order. */
final class Windows {

  private Windows() {}

  /**
   * The value over the first {@code size} of these events, which are in descending order.
   *
   * @param column where in an event's values, or negative for a count
   */
  static @Nullable Object value(
      Aggregation.Function function, int column, FeatureEvent[] events, int size) {
    return switch (function) {
      case COUNT -> (long) size;
      case LAST -> size == 0 ? null : events[0].values()[column];
      case SUM -> sum(column, events, size, false);
      case MEAN -> sum(column, events, size, true);
      case MIN -> extreme(column, events, size, true);
      case MAX -> extreme(column, events, size, false);
    };
  }

  private static @Nullable Double sum(int column, FeatureEvent[] events, int size, boolean mean) {
    OrderFreeSum sum = new OrderFreeSum();
    int count = 0;
    for (int i = size - 1; i >= 0; i--) {
      Object value = events[i].values()[column];
      if (value != null) {
        sum.add(number(value));
        count++;
      }
    }
    if (count == 0) {
      return null;
    }
    return mean ? sum.value() / count : sum.value();
  }

  private static @Nullable Double extreme(
      int column, FeatureEvent[] events, int size, boolean least) {
    double extreme = least ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    boolean any = false;
    for (int i = size - 1; i >= 0; i--) {
      Object value = events[i].values()[column];
      if (value != null) {
        extreme = least ? Math.min(extreme, number(value)) : Math.max(extreme, number(value));
        any = true;
      }
    }
    return any ? extreme : null;
  }

  private static double number(Object value) {
    return value instanceof Boolean truth ? (truth ? 1 : 0) : ((Number) value).doubleValue();
  }
}
