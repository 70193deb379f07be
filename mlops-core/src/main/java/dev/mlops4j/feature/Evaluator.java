package dev.mlops4j.feature;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one place where events become features: visibility, freshness, retention and windows, for
 * training and serving alike. Immutable, safe for any number of threads.
 */
final class Evaluator {

  /** Events of one key in descending order, from the greatest with event time at most latest. */
  @FunctionalInterface
  interface Scan {
    void descending(long latest, OnlineStore.Visitor visitor);
  }

  private static final int FIRST_CAPACITY = 32;

  private final FeatureView view;
  private final int cap;
  private final long availableAfter;
  private final long ttl;
  private final long retention;
  private final long widest;
  private final boolean takesLatest;
  private final int[] columns;
  private final long[] windows;
  private final Aggregation.@Nullable Function[] functions;

  Evaluator(FeatureView view, int cap) {
    this.view = view;
    this.cap = cap;
    this.availableAfter = Micros.of(view.availableAfter());
    this.ttl = view.ttl().map(Micros::of).orElse(Long.MAX_VALUE);
    this.retention = view.retention().map(Micros::of).orElse(Long.MAX_VALUE);
    this.widest = view.widestWindow().map(Micros::of).orElse(0L);
    List<FeatureView.Feature> features = view.features();
    this.columns = new int[features.size()];
    this.windows = new long[features.size()];
    this.functions = new Aggregation.@Nullable Function[features.size()];
    boolean latest = false;
    for (int i = 0; i < columns.length; i++) {
      Aggregation window = features.get(i).window();
      if (window == null) {
        latest = true;
        columns[i] = view.column(features.get(i).name());
      } else {
        String column = window.column();
        columns[i] = column == null ? -1 : view.column(column);
        windows[i] = Micros.of(window.window());
        functions[i] = window.function();
      }
    }
    this.takesLatest = latest;
  }

  boolean isOf(FeatureView other) {
    return view.equals(other);
  }

  /** The moment from which an event is visible. */
  long activation(FeatureEvent event) {
    return Math.max(Micros.plus(event.eventTime(), availableAfter), event.known());
  }

  /**
   * The first place in the order of a key's events that a question asked at {@code horizon} or
   * later can depend on.
   */
  OnlineStore.Position firstNeeded(long horizon, Scan scan) {
    long windowBegin = Micros.plus(Micros.minus(horizon, widest), 1);
    OnlineStore.Position needed =
        new OnlineStore.Position(widest == 0 ? Long.MAX_VALUE : windowBegin, Long.MIN_VALUE, "");
    if (!takesLatest) {
      return needed;
    }
    Found found = new Found();
    scan.descending(
        Micros.minus(horizon, availableAfter),
        event -> {
          if (activation(event) <= horizon) {
            found.latest = event;
          }
          return found.latest == null;
        });
    FeatureEvent latest = found.latest;
    if (latest == null) {
      return new OnlineStore.Position(Long.MIN_VALUE, Long.MIN_VALUE, "");
    }
    return needed.isAfter(latest)
        ? new OnlineStore.Position(latest.eventTime(), latest.known(), latest.id())
        : needed;
  }

  /** The features at t. */
  FeatureValues evaluate(Scan scan, long t) {
    long windowBegin = Micros.minus(t, widest);
    long oldest = Micros.minus(t, retention);
    Found found = new Found();
    scan.descending(
        Micros.minus(t, availableAfter),
        event -> {
          boolean inWindow = widest > 0 && event.eventTime() > windowBegin;
          boolean wanted = inWindow || (takesLatest && found.latest == null);
          if (!wanted || event.eventTime() < oldest) {
            return false;
          }
          if (++found.seen > cap) {
            throw new TooManyEventsException(view.name(), cap);
          }
          if (activation(event) <= t) {
            if (found.latest == null) {
              found.latest = event;
            }
            if (inWindow) {
              found.add(event);
            }
          }
          return inWindow || (takesLatest && found.latest == null);
        });
    return values(found, t);
  }

  private FeatureValues values(Found found, long t) {
    FeatureEvent latest = found.latest;
    FeatureValues.Status latestStatus =
        latest == null
            ? FeatureValues.Status.MISSING
            : latest.eventTime() < Micros.minus(t, ttl)
                ? FeatureValues.Status.STALE
                : FeatureValues.Status.PRESENT;
    FeatureValues.Status windowStatus =
        found.size == 0 ? FeatureValues.Status.MISSING : FeatureValues.Status.PRESENT;
    @Nullable Object[] values = new @Nullable Object[columns.length];
    for (int i = 0; i < values.length; i++) {
      Aggregation.Function function = functions[i];
      if (function != null) {
        int events = found.within(Micros.minus(t, windows[i]));
        values[i] = Windows.value(function, columns[i], found.events, events);
      } else if (latest != null && latestStatus == FeatureValues.Status.PRESENT) {
        values[i] = latest.values()[columns[i]];
      }
    }
    return new FeatureValues(view, values, latestStatus, windowStatus);
  }

  /** What a scan has found so far: the events of the widest window, latest first. */
  private static final class Found {

    private @Nullable FeatureEvent latest;
    private FeatureEvent[] events = new FeatureEvent[0];
    private int size;
    private int seen;

    void add(FeatureEvent event) {
      if (size == events.length) {
        events = Arrays.copyOf(events, Math.max(FIRST_CAPACITY, size * 2));
      }
      events[size++] = event;
    }

    /** How many of the events are after this moment. */
    int within(long begin) {
      int low = 0;
      int high = size;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (events[middle].eventTime() > begin) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }
  }
}
