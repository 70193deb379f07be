package dev.mlops4j.feature;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What the features of a key are at one moment after the other, each not before the last. An event
 * comes into each window once and leaves it once, so that a pass costs what its events and
 * questions cost, however wide the windows are. What is visible, fresh and in a window is decided
 * by the {@link Evaluator}, as for a single question. Not safe for use by several threads.
 */
final class Sweep {

  private static final int FIRST_CAPACITY = 16;

  private final Evaluator evaluator;
  private final EventTable events;
  private final long now;

  /** The positions in the order in which they become visible; null if that is their own. */
  private final int @Nullable [] byActivation;

  private final @Nullable WindowState[] states;

  /** The visible events of the widest window, ascending, from {@link #from} to {@link #to}. */
  private int[] inWindow = new int[FIRST_CAPACITY];

  private int from;
  private int to;

  /** Where in {@link #inWindow} each feature's own window begins. */
  private final int[] begins;

  private long t = Long.MIN_VALUE;
  private int next;
  private int latest = -1;

  Sweep(Evaluator evaluator, EventTable events, long now) {
    this.evaluator = evaluator;
    this.events = events;
    this.now = now;
    this.byActivation = byActivation(evaluator, events);
    int features = evaluator.view().features().size();
    this.begins = new int[features];
    this.states = new @Nullable WindowState[features];
    for (int i = 0; i < features; i++) {
      Aggregation aggregation = evaluator.aggregation(i);
      states[i] = aggregation == null ? null : WindowState.of(evaluator.view(), aggregation);
    }
  }

  /**
   * Goes on to a moment.
   *
   * @param moment not before the last
   */
  void advance(long moment) {
    t = moment;
    leave();
    long widestBegin = Micros.minus(t, evaluator.widest());
    while (next < events.size()) {
      int position = byActivation == null ? next : byActivation[next];
      long eventTime = events.eventTime(position);
      if (evaluator.activation(eventTime, events.known(position)) > t) {
        break;
      }
      next++;
      latest = Math.max(latest, position);
      // A retention is not shorter than a window, so what is retained at first is so until it
      // leaves.
      if (eventTime > widestBegin
          && evaluator.widest() > 0
          && evaluator.isRetained(eventTime, now)) {
        enter(position, eventTime);
      }
    }
  }

  /** The value of a feature at the moment reached, or null. */
  @Nullable Object value(int feature) {
    WindowState state = states[feature];
    if (state != null) {
      return state.value(events);
    }
    return isPresent()
        ? events.value(latest, evaluator.column(feature))
        : evaluator.view().features().get(feature).defaultValue();
  }

  /** The value as a number, NaN for null, of a feature that is one or a truth value. */
  double number(int feature) {
    WindowState state = states[feature];
    if (state != null) {
      return state.number(events);
    }
    if (isPresent()) {
      int column = evaluator.column(feature);
      return events.isNull(latest, column) ? Double.NaN : events.number(latest, column);
    }
    return FeatureValues.number(value(feature));
  }

  /** All of it, as a lookup gives it. */
  FeatureValues values() {
    @Nullable Object[] values = new @Nullable Object[states.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(i);
    }
    boolean anyInWindow = from < to;
    long eventTime =
        isFound()
            ? events.eventTime(latest)
            : anyInWindow ? events.eventTime(inWindow[to - 1]) : FeatureValues.NO_TIME;
    return new FeatureValues(
        evaluator.view(),
        values,
        latestStatus(),
        anyInWindow ? FeatureValues.Status.PRESENT : FeatureValues.Status.MISSING,
        eventTime,
        t);
  }

  private boolean isPresent() {
    return latestStatus() == FeatureValues.Status.PRESENT;
  }

  private FeatureValues.Status latestStatus() {
    boolean found = isFound();
    return evaluator.latestStatus(found, found ? events.eventTime(latest) : 0, t);
  }

  private boolean isFound() {
    return latest >= 0
        && evaluator.takesLatest()
        && evaluator.isRetained(events.eventTime(latest), Math.max(t, now));
  }

  /** Lets go of what the windows have left behind. */
  private void leave() {
    for (int i = 0; i < states.length; i++) {
      WindowState state = states[i];
      if (state != null) {
        long begin = evaluator.windowBegin(i, t);
        while (begins[i] < to && events.eventTime(inWindow[begins[i]]) <= begin) {
          state.remove(events, inWindow[begins[i]++]);
        }
      }
    }
    long begin = Micros.minus(t, evaluator.widest());
    while (from < to && events.eventTime(inWindow[from]) <= begin) {
      from++;
    }
  }

  /** Takes an event of the widest window, which may be earlier than others that are there. */
  private void enter(int position, long eventTime) {
    if (to == inWindow.length) {
      makeRoom();
    }
    int place = to++;
    while (place > from && inWindow[place - 1] > position) {
      inWindow[place] = inWindow[place - 1];
      place--;
    }
    inWindow[place] = position;
    if (to - from > evaluator.cap()) {
      throw new TooManyEventsException(evaluator.view().name(), evaluator.cap());
    }
    for (int i = 0; i < states.length; i++) {
      WindowState state = states[i];
      if (state == null) {
        continue;
      }
      if (eventTime > evaluator.windowBegin(i, t)) {
        state.add(events, position);
      } else {
        // Too late for this window, it lies before the window's begin.
        begins[i]++;
      }
    }
  }

  private void makeRoom() {
    int size = to - from;
    int[] roomier = size * 2 > inWindow.length ? new int[inWindow.length * 2] : inWindow;
    System.arraycopy(inWindow, from, roomier, 0, size);
    inWindow = roomier;
    for (int i = 0; i < begins.length; i++) {
      begins[i] -= from;
    }
    from = 0;
    to = size;
  }

  private static int @Nullable [] byActivation(Evaluator evaluator, EventTable events) {
    long before = Long.MIN_VALUE;
    for (int i = 0; i < events.size(); i++) {
      long activation = activation(evaluator, events, i);
      if (activation < before) {
        int[] order = IntStream.range(0, events.size()).toArray();
        RowSort.sort(
            order,
            0,
            order.length,
            (one, other) ->
                Long.compare(
                    activation(evaluator, events, one), activation(evaluator, events, other)));
        return order;
      }
      before = activation;
    }
    return null;
  }

  private static long activation(Evaluator evaluator, EventTable events, int position) {
    return evaluator.activation(events.eventTime(position), events.known(position));
  }
}
