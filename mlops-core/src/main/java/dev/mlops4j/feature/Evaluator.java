package dev.mlops4j.feature;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
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

  /** What is asked of a store about a key: it has the answer when it has seen the key's events. */
  interface Asked extends NumberedStore.Reader {
    FeatureValues values();
  }

  private final FeatureView view;
  private final int cap;
  private final long knownBy;
  private final long availableAfter;
  private final long ttl;
  private final long retention;
  private final long widest;
  private final boolean takesLatest;
  private final int[] columns;
  private final long[] windows;
  private final @Nullable Aggregation[] aggregations;

  Evaluator(FeatureView view, int cap) {
    this(view, cap, Long.MAX_VALUE);
  }

  /**
   * Evaluates a view.
   *
   * @param cap how many events one question may look at
   * @param knownBy events that were known later are never visible
   */
  Evaluator(FeatureView view, int cap, long knownBy) {
    this.view = view;
    this.cap = cap;
    this.knownBy = knownBy;
    this.availableAfter = Micros.of(view.availableAfter());
    this.ttl = view.ttl().map(Micros::of).orElse(Long.MAX_VALUE);
    this.retention = view.retention().map(Micros::of).orElse(Long.MAX_VALUE);
    this.widest = view.widestWindow().map(Micros::of).orElse(0L);
    List<FeatureView.Feature> features = view.features();
    this.columns = new int[features.size()];
    this.windows = new long[features.size()];
    this.aggregations = new @Nullable Aggregation[features.size()];
    boolean latest = false;
    for (int i = 0; i < columns.length; i++) {
      Aggregation window = features.get(i).window();
      if (window == null) {
        latest = true;
        columns[i] = view.column(features.get(i).name());
      } else {
        windows[i] = Micros.of(window.window());
        aggregations[i] = window;
      }
    }
    this.takesLatest = latest;
  }

  /** The moment from which an event is visible. */
  long activation(FeatureEvent event) {
    return activation(event.eventTime(), event.known());
  }

  long activation(long eventTime, long known) {
    return known > knownBy
        ? Long.MAX_VALUE
        : Math.max(Micros.plus(eventTime, availableAfter), known);
  }

  /**
   * The first place in the order of a key's events that a question about {@code horizon} or later
   * can depend on, if it is asked now or later.
   */
  OnlineStore.Position firstNeeded(long horizon, long now, Scan scan) {
    OnlineStore.Position needed = firstInAnyWindowOrLatest(horizon, scan);
    long retained = Micros.minus(now, retention);
    return needed.eventTime() < retained
        ? new OnlineStore.Position(retained, Long.MIN_VALUE, "")
        : needed;
  }

  private OnlineStore.Position firstInAnyWindowOrLatest(long horizon, Scan scan) {
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

  /**
   * Whether an event of this time is within the retention now, so that no store may have removed
   * it.
   */
  boolean isRetained(long eventTime, long now) {
    return eventTime >= Micros.minus(now, retention);
  }

  /** How long after its event time an event is visible at the earliest. */
  long availableAfter() {
    return availableAfter;
  }

  /**
   * The features at t.
   *
   * @param latest the latest visible event: of the windows, if there are only windows
   * @param anyInWindow whether a visible event is in the widest window
   * @param windows the value of a feature over its window
   */
  FeatureValues values(
      long t,
      @Nullable FeatureEvent latest,
      boolean anyInWindow,
      IntFunction<@Nullable Object> windows) {
    FeatureValues.Status status =
        latestStatus(latest != null, latest == null ? 0 : latest.eventTime(), t);
    @Nullable Object[] values = new @Nullable Object[columns.length];
    for (int i = 0; i < values.length; i++) {
      if (aggregations[i] != null) {
        values[i] = windows.apply(i);
      } else if (latest != null && status == FeatureValues.Status.PRESENT) {
        values[i] = latest.values()[columns[i]];
      } else {
        values[i] = view.features().get(i).defaultValue();
      }
    }
    return new FeatureValues(
        view,
        values,
        status,
        anyInWindow ? FeatureValues.Status.PRESENT : FeatureValues.Status.MISSING,
        latest == null ? FeatureValues.NO_TIME : latest.eventTime(),
        t);
  }

  /**
   * Starts to find out what the features are at t.
   *
   * @param now when it is asked: what is older by the retention is not seen, whenever t is
   */
  Question at(long t, long now) {
    return new Question(t, Math.max(t, now));
  }

  /** Starts a pass forward in time over the events of one key, made now. */
  Sweep sweep(EventTable events, long now) {
    return new Sweep(this, events, now);
  }

  FeatureView view() {
    return view;
  }

  int cap() {
    return cap;
  }

  /** The length of the widest window, 0 if there is none. */
  long widest() {
    return widest;
  }

  boolean takesLatest() {
    return takesLatest;
  }

  /** How many things are kept of an event in a window: itself, and what features order it by. */
  int weightOfEvent() {
    int weight = 1;
    for (Aggregation aggregation : aggregations) {
      weight += aggregation != null && aggregation.function().isKeptByValue() ? 1 : 0;
    }
    return weight;
  }

  /** What the feature computes over a window, or null. */
  @Nullable Aggregation aggregation(int feature) {
    return aggregations[feature];
  }

  /** Where in an event's values the feature is that is a column of the latest event. */
  int column(int feature) {
    return columns[feature];
  }

  /** The moment after which a feature's window begins. */
  long windowBegin(int feature, long t) {
    return Micros.minus(t, windows[feature]);
  }

  /** Why the features of the latest event are what they are. */
  FeatureValues.Status latestStatus(boolean found, long eventTime, long t) {
    if (!found) {
      return FeatureValues.Status.MISSING;
    }
    return eventTime < Micros.minus(t, ttl)
        ? FeatureValues.Status.STALE
        : FeatureValues.Status.PRESENT;
  }

  /**
   * What the features of a key are at one moment: shown its events in descending order, from the
   * greatest whose event time is at most {@link #latest}, it has the answer in the end. One object
   * that a scan calls, because a lookup is not to cost more in garbage than in work.
   */
  final class Question implements Asked {

    private final long t;
    private final long now;
    private final List<FeatureEvent> window = widest > 0 ? new ArrayList<>() : List.of();
    private @Nullable FeatureEvent current;
    private int seen;

    private Question(long t, long now) {
      this.t = t;
      this.now = now;
    }

    @Override
    public boolean begin(long number, long horizon) {
      restart();
      return true;
    }

    /** Forgets the events seen. */
    void restart() {
      if (!window.isEmpty()) {
        window.clear();
      }
      current = null;
      seen = 0;
    }

    /** The latest event time to look at. */
    @Override
    public long latest() {
      return Micros.minus(t, availableAfter);
    }

    @Override
    public boolean visit(FeatureEvent event) {
      boolean inWindow = widest > 0 && event.eventTime() > Micros.minus(t, widest);
      boolean wanted = inWindow || (takesLatest && current == null);
      if (!wanted || !isRetained(event.eventTime(), now)) {
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
          window.add(event);
        }
      }
      return inWindow || (takesLatest && current == null);
    }

    /** How many events were looked at. */
    int seen() {
      return seen;
    }

    /** The features, from the events seen. */
    @Override
    public FeatureValues values() {
      EventTable ascending = EventTable.of(reversed(window));
      return Evaluator.this.values(
          t, current, !window.isEmpty(), feature -> value(feature, ascending));
    }

    private @Nullable Object value(int feature, EventTable ascending) {
      Aggregation aggregation = aggregations[feature];
      if (aggregation == null) {
        return null;
      }
      long begin = windowBegin(feature, t);
      WindowState state = WindowState.of(view, aggregation);
      for (int i = ascending.size() - 1; i >= 0 && ascending.eventTime(i) > begin; i--) {
        state.add(ascending, i);
      }
      return state.value(ascending);
    }

    private static List<FeatureEvent> reversed(List<FeatureEvent> descending) {
      if (descending.size() < 2) {
        return descending;
      }
      FeatureEvent[] ascending = new FeatureEvent[descending.size()];
      for (int i = 0; i < ascending.length; i++) {
        ascending[i] = descending.get(ascending.length - 1 - i);
      }
      return Arrays.asList(ascending);
    }
  }
}
