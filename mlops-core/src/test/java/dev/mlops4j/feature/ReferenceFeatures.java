package dev.mlops4j.feature;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The rules of meaning, written down once more in the plainest way: a scan of all events. */
final class ReferenceFeatures {

  record Event(Map<String, Object> row, Instant known, String id) {

    Instant time(FeatureView view) {
      return (Instant) row.get(view.eventTime());
    }
  }

  /** A value and why it is what it is. */
  record Found(Object value, FeatureValues.Status status) {}

  private ReferenceFeatures() {}

  static List<Found> at(FeatureView view, List<Event> all, List<Object> key, Instant t) {
    List<Event> visible = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (Event event : all) {
      boolean fresh = seen.add(event.id());
      List<Object> eventKey =
          view.keys().stream().map(column -> event.row().get(column.name())).toList();
      Instant activation = event.time(view).plus(view.availableAfter());
      if (event.known().isAfter(activation)) {
        activation = event.known();
      }
      boolean retained =
          view.retention().isEmpty() || !event.time(view).isBefore(t.minus(view.retention().get()));
      if (fresh && eventKey.equals(key) && !activation.isAfter(t) && retained) {
        visible.add(event);
      }
    }
    visible.sort(
        Comparator.comparing((Event event) -> event.time(view))
            .thenComparing(Event::known)
            .thenComparing(Event::id));
    boolean anyInWindows =
        visible.stream()
            .anyMatch(
                event ->
                    view.features().stream()
                        .map(FeatureView.Feature::window)
                        .anyMatch(window -> window != null && isIn(window, event.time(view), t)));
    List<Found> found = new ArrayList<>();
    for (FeatureView.Feature feature : view.features()) {
      found.add(
          feature.window() == null
              ? latest(view, visible, feature.name(), t)
              : new Found(
                  window(view, visible, feature.window(), t),
                  anyInWindows ? FeatureValues.Status.PRESENT : FeatureValues.Status.MISSING));
    }
    return found;
  }

  private static Found latest(FeatureView view, List<Event> visible, String column, Instant t) {
    if (visible.isEmpty()) {
      return new Found(null, FeatureValues.Status.MISSING);
    }
    Event last = visible.get(visible.size() - 1);
    Duration age = Duration.between(last.time(view), t);
    boolean stale = view.ttl().isPresent() && age.compareTo(view.ttl().get()) > 0;
    return stale
        ? new Found(null, FeatureValues.Status.STALE)
        : new Found(last.row().get(column), FeatureValues.Status.PRESENT);
  }

  private static Object window(
      FeatureView view, List<Event> visible, Aggregation aggregation, Instant t) {
    List<Object> inWindow = new ArrayList<>();
    for (Event event : visible) {
      if (isIn(aggregation, event.time(view), t)) {
        inWindow.add(aggregation.column() == null ? event : event.row().get(aggregation.column()));
      }
    }
    if (aggregation.function() == Aggregation.Function.COUNT) {
      return (long) inWindow.size();
    }
    if (aggregation.function() == Aggregation.Function.LAST) {
      return inWindow.isEmpty() ? null : inWindow.get(inWindow.size() - 1);
    }
    List<Double> numbers = new ArrayList<>();
    for (Object value : inWindow) {
      if (value instanceof Boolean truth) {
        numbers.add(truth ? 1.0 : 0.0);
      } else if (value != null) {
        numbers.add(((Number) value).doubleValue());
      }
    }
    if (numbers.isEmpty()) {
      return null;
    }
    double sum = exactSum(numbers);
    double min = numbers.get(0);
    double max = numbers.get(0);
    for (double number : numbers) {
      min = Math.min(min, number);
      max = Math.max(max, number);
    }
    return switch (aggregation.function()) {
      case SUM -> sum;
      case MEAN -> sum / numbers.size();
      case MIN -> min;
      default -> max;
    };
  }

  private static boolean isIn(Aggregation window, Instant time, Instant t) {
    return time.isAfter(t.minus(window.window())) && !time.isAfter(t);
  }

  /** The sum as a mathematician would take it, rounded at the end. */
  private static double exactSum(List<Double> numbers) {
    double special = 0;
    BigDecimal exact = BigDecimal.ZERO;
    for (double number : numbers) {
      if (Double.isFinite(number)) {
        exact = exact.add(new BigDecimal(number));
      } else {
        special += number;
      }
    }
    return special == 0 ? exact.doubleValue() : special;
  }
}
