package dev.mlops4j.feature;

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

  private static final @Nullable WindowValue[] NO_WINDOWS = {};

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
    @Nullable FeatureEvent[] found = new @Nullable FeatureEvent[1];
    scan.descending(
        Micros.minus(horizon, availableAfter),
        event -> {
          if (activation(event) <= horizon) {
            found[0] = event;
          }
          return found[0] == null;
        });
    FeatureEvent latest = found[0];
    if (latest == null) {
      return new OnlineStore.Position(Long.MIN_VALUE, Long.MIN_VALUE, "");
    }
    return needed.isAfter(latest)
        ? new OnlineStore.Position(latest.eventTime(), latest.known(), latest.id())
        : needed;
  }

  /** Starts to find out what the features are at t. */
  Question at(long t) {
    return new Question(t);
  }

  /**
   * What the features of a key are at one moment: shown its events in descending order, from the
   * greatest whose event time is at most {@link #latest}, it has the answer in the end. One object
   * that a scan calls, because a lookup is not to cost more in garbage than in work.
   */
  final class Question implements OnlineStore.Visitor {

    private final long t;
    private final @Nullable WindowValue[] windowValues;
    private @Nullable FeatureEvent current;
    private boolean anyInWindow;
    private int seen;

    private Question(long t) {
      this.t = t;
      this.windowValues = widest > 0 ? new @Nullable WindowValue[functions.length] : NO_WINDOWS;
      for (int i = 0; i < windowValues.length; i++) {
        Aggregation.Function function = functions[i];
        if (function != null) {
          windowValues[i] = WindowValue.of(function, columns[i], Micros.minus(t, windows[i]));
        }
      }
    }

    /** The latest event time to look at. */
    long latest() {
      return Micros.minus(t, availableAfter);
    }

    @Override
    public boolean visit(FeatureEvent event) {
      boolean inWindow = widest > 0 && event.eventTime() > Micros.minus(t, widest);
      boolean wanted = inWindow || (takesLatest && current == null);
      if (!wanted || event.eventTime() < Micros.minus(t, retention)) {
        return false;
      }
      if (++seen > cap) {
        throw new TooManyEventsException(view.name(), cap);
      }
      if (activation(event) <= t) {
        if (current == null) {
          current = event;
        }
        if (inWindow) {
          anyInWindow = true;
          for (WindowValue window : windowValues) {
            if (window != null) {
              window.add(event);
            }
          }
        }
      }
      return inWindow || (takesLatest && current == null);
    }

    /** The features, from the events seen. */
    FeatureValues values() {
      FeatureEvent found = current;
      FeatureValues.Status latestStatus =
          found == null
              ? FeatureValues.Status.MISSING
              : found.eventTime() < Micros.minus(t, ttl)
                  ? FeatureValues.Status.STALE
                  : FeatureValues.Status.PRESENT;
      FeatureValues.Status windowStatus =
          anyInWindow ? FeatureValues.Status.PRESENT : FeatureValues.Status.MISSING;
      @Nullable Object[] values = new @Nullable Object[columns.length];
      for (int i = 0; i < values.length; i++) {
        WindowValue window = widest > 0 ? windowValues[i] : null;
        if (window != null) {
          values[i] = window.value();
        } else if (found != null && latestStatus == FeatureValues.Status.PRESENT) {
          values[i] = found.values()[columns[i]];
        }
      }
      return new FeatureValues(view, values, latestStatus, windowStatus);
    }
  }
}
