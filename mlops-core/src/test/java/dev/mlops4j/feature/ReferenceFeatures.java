package dev.mlops4j.feature;

import java.math.BigDecimal;
import java.math.MathContext;
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

  /** A value, why it is what it is, and the time of the latest event behind it, or null. */
  record Found(Object value, FeatureValues.Status status, Instant eventTime) {}

  /** All values, and the time of the latest event behind them, or null. */
  record Answer(List<Found> found, Instant eventTime) {}

  private ReferenceFeatures() {}

  /** What a question about t has for its answer, if it is asked now. */
  static Answer at(FeatureView view, List<Event> all, List<Object> key, Instant t, Instant asked) {
    Instant now = asked.isAfter(t) ? asked : t;
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
          view.retention().isEmpty()
              || !event.time(view).isBefore(now.minus(view.retention().get()));
      if (fresh && eventKey.equals(key) && !activation.isAfter(t) && retained) {
        visible.add(event);
      }
    }
    visible.sort(
        Comparator.comparing((Event event) -> event.time(view))
            .thenComparing(Event::known)
            .thenComparing(Event::id));
    List<Event> inWindows =
        visible.stream()
            .filter(
                event ->
                    view.features().stream()
                        .map(FeatureView.Feature::window)
                        .anyMatch(window -> window != null && isIn(window, event.time(view), t)))
            .toList();
    List<Found> found = new ArrayList<>();
    for (FeatureView.Feature feature : view.features()) {
      found.add(
          feature.window() == null
              ? latest(view, visible, feature, t)
              : ofWindow(view, visible, feature.window(), t));
    }
    boolean windowsAlone = view.features().stream().allMatch(feature -> feature.window() != null);
    List<Event> behind = windowsAlone ? inWindows : visible;
    return new Answer(found, behind.isEmpty() ? null : behind.get(behind.size() - 1).time(view));
  }

  private static Found latest(
      FeatureView view, List<Event> visible, FeatureView.Feature feature, Instant t) {
    if (visible.isEmpty()) {
      return new Found(feature.defaultValue(), FeatureValues.Status.MISSING, null);
    }
    Event last = visible.get(visible.size() - 1);
    Duration age = Duration.between(last.time(view), t);
    boolean stale = view.ttl().isPresent() && age.compareTo(view.ttl().get()) > 0;
    return stale
        ? new Found(feature.defaultValue(), FeatureValues.Status.STALE, last.time(view))
        : new Found(last.row().get(feature.name()), FeatureValues.Status.PRESENT, last.time(view));
  }

  private static Found ofWindow(
      FeatureView view, List<Event> visible, Aggregation aggregation, Instant t) {
    Instant last = null;
    for (Event event : visible) {
      last = isIn(aggregation, event.time(view), t) ? event.time(view) : last;
    }
    return new Found(
        window(view, visible, aggregation, t),
        last == null ? FeatureValues.Status.MISSING : FeatureValues.Status.PRESENT,
        last);
  }

  private static Object window(
      FeatureView view, List<Event> visible, Aggregation aggregation, Instant t) {
    List<Object> inWindow = new ArrayList<>();
    for (Event event : visible) {
      if (isIn(aggregation, event.time(view), t) && fulfils(aggregation, event)) {
        inWindow.add(aggregation.column() == null ? event : event.row().get(aggregation.column()));
      }
    }
    if (aggregation.function() == Aggregation.Function.COUNT) {
      return (long) inWindow.size();
    }
    if (aggregation.function() == Aggregation.Function.LAST) {
      return inWindow.isEmpty() ? null : inWindow.get(inWindow.size() - 1);
    }
    if (aggregation.function() == Aggregation.Function.FIRST) {
      return inWindow.isEmpty() ? null : inWindow.get(0);
    }
    if (aggregation.function() == Aggregation.Function.DISTINCT_COUNT) {
      Set<Object> distinct = new HashSet<>();
      for (Object value : inWindow) {
        if (value != null) {
          distinct.add(value.equals(-0.0) ? (Object) 0.0 : value);
        }
      }
      return (long) distinct.size();
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
      case STANDARD_DEVIATION -> standardDeviation(numbers);
      default -> max;
    };
  }

  private static boolean isIn(Aggregation window, Instant time, Instant t) {
    return time.isAfter(t.minus(window.window())) && !time.isAfter(t);
  }

  private static boolean fulfils(Aggregation aggregation, Event event) {
    for (Condition condition : aggregation.conditions()) {
      Object value = event.row().get(condition.column());
      boolean fulfilled = value != null && fulfils(condition, value);
      if (!fulfilled) {
        return false;
      }
    }
    return true;
  }

  private static boolean fulfils(Condition condition, Object value) {
    if (value instanceof Double number && number.isNaN()) {
      return condition.comparison() == Condition.Comparison.NOT_EQUAL;
    }
    List<Integer> orders =
        condition.operands().stream().map(operand -> order(value, operand)).toList();
    return switch (condition.comparison()) {
      case EQUAL, ONE_OF -> orders.contains(0);
      case NOT_EQUAL -> !orders.contains(0);
      case LESS -> orders.get(0) < 0;
      case AT_MOST -> orders.get(0) <= 0;
      case GREATER -> orders.get(0) > 0;
      case AT_LEAST -> orders.get(0) >= 0;
    };
  }

  /** The sign of the difference, as Java's own operators have it: -0.0 is 0.0. */
  private static int order(Object value, Object operand) {
    if (value instanceof Number one && operand instanceof Number other) {
      double left = one.doubleValue();
      double right = other.doubleValue();
      return left < right ? -1 : left > right ? 1 : 0;
    }
    if (value instanceof String one) {
      return Integer.signum(one.compareTo((String) operand)); // of ASCII
    }
    return value instanceof Instant one
        ? one.compareTo((Instant) operand)
        : Boolean.compare((Boolean) value, (Boolean) operand);
  }

  /** By the definition: the root of the mean squared distance from the mean, for n - 1. */
  private static Double standardDeviation(List<Double> numbers) {
    if (numbers.size() < 2) {
      return null;
    }
    if (numbers.stream().anyMatch(number -> !Double.isFinite(number))) {
      return Double.NaN;
    }
    MathContext precise = new MathContext(80);
    // A root that is the middle of two doubles, and has fewer digits, is one again.
    MathContext shown = new MathContext(65);
    BigDecimal mean = BigDecimal.ZERO;
    for (double number : numbers) {
      mean = mean.add(new BigDecimal(number));
    }
    mean = mean.divide(BigDecimal.valueOf(numbers.size()), precise);
    BigDecimal squares = BigDecimal.ZERO;
    for (double number : numbers) {
      squares = squares.add(new BigDecimal(number).subtract(mean).pow(2));
    }
    BigDecimal variance = squares.divide(BigDecimal.valueOf(numbers.size() - 1L), precise);
    // What is left of equal values is below the precision of the mean.
    return variance.compareTo(new BigDecimal("1e-100")) < 0
        ? 0.0
        : variance.sqrt(precise).round(shown).doubleValue();
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
