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

  private ReferenceFeatures() {}

  static List<Object> at(FeatureView view, List<Event> all, List<Object> key, Instant t) {
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
    List<Object> values = new ArrayList<>();
    for (FeatureView.Feature feature : view.features()) {
      values.add(
          feature.window() == null
              ? latest(view, visible, feature.name(), t)
              : window(view, visible, feature.window(), t));
    }
    return values;
  }

  private static Object latest(FeatureView view, List<Event> visible, String column, Instant t) {
    if (visible.isEmpty()) {
      return null;
    }
    Event last = visible.get(visible.size() - 1);
    Duration age = Duration.between(last.time(view), t);
    boolean stale = view.ttl().isPresent() && age.compareTo(view.ttl().get()) > 0;
    return stale ? null : last.row().get(column);
  }

  private static Object window(
      FeatureView view, List<Event> visible, Aggregation aggregation, Instant t) {
    List<Object> inWindow = new ArrayList<>();
    for (Event event : visible) {
      if (event.time(view).isAfter(t.minus(aggregation.window())) && !event.time(view).isAfter(t)) {
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
