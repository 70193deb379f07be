package dev.mlops4j.feature;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The windows of one key, kept from one lookup to the next. It goes to a moment, later or somewhat
 * earlier, by the events that come into the windows and leave them in between, and takes up events
 * that are added, in any order; so a lookup costs what has changed since the last, not what is in
 * the windows. What is visible, fresh and in a window is decided by the {@link Evaluator}; an
 * answer is that of a {@link Evaluator.Question}, to the bit. Not safe for use by several threads.
 *
 * <p>It holds the events of the widest window, those that are not yet visible, the latest one if
 * the view asks for it, and of those that it needs no more about as many at most, and {@link
 * #SPARE}.
 */
final class KeyWindows {

  /** How many events that have left the windows are kept in any case, to go back to. */
  private static final int SPARE = 64;

  /** The part of the events that it may cost to go back; beyond it a scan is not dearer. */
  private static final int BACK = 4;

  private final Evaluator evaluator;
  private final EventSlots events;

  /** The events in their order, and in the order in which they become visible. */
  private final EventSlots.Order byTime;

  private final EventSlots.Order byActivation;

  /** By the length of their windows, the widest first. */
  private final List<Group> groups = new ArrayList<>();

  private final @Nullable WindowState[] states;

  /** How many in {@link #byActivation} are visible. */
  private int visible;

  private long t;
  private long number;

  /** Events later than this are all held; what is not is not needed. */
  private long floor;

  /** Whether all events of the key are held, at the floor and before it as well. */
  private boolean complete;

  /**
   * The windows at a moment.
   *
   * @param number the key's number of changes that the events are of
   * @param ascending all events of the key, or all later than the floor
   * @param complete whether they are all
   */
  KeyWindows(
      Evaluator evaluator,
      long number,
      List<FeatureEvent> ascending,
      boolean complete,
      long floor,
      long t) {
    this.evaluator = evaluator;
    this.number = number;
    this.complete = complete;
    this.floor = floor;
    this.t = t;
    this.events = new EventSlots(ascending);
    this.byTime = events.all();
    this.byActivation = events.all();
    byActivation.sort((one, other) -> Long.compare(activation(one), activation(other)));
    this.visible = activeAt(t);
    this.states = new @Nullable WindowState[evaluator.view().features().size()];
    group(evaluator.widest());
    for (int i = 0; i < states.length; i++) {
      Aggregation aggregation = evaluator.aggregation(i);
      if (aggregation != null) {
        WindowState state = WindowState.of(evaluator.view(), aggregation, events::compare);
        states[i] = state;
        group(Micros.of(aggregation.window())).states.add(state);
      }
    }
    for (Group group : groups) {
      group.begin = firstAfter(group.begin(t));
      for (int i = group.begin; i < byTime.size(); i++) {
        if (activation(byTime.slot(i)) <= t) {
          group.enter(byTime.slot(i));
        }
      }
    }
  }

  private Group group(long length) {
    for (Group group : groups) {
      if (group.length == length) {
        return group;
      }
    }
    Group made = new Group(length);
    groups.add(made);
    return made;
  }

  /** The key's number of changes that this has come to. */
  long number() {
    return number;
  }

  /** How many events are held. */
  int size() {
    return byTime.size();
  }

  /** Takes up the change that follows the one it has come to. */
  void apply(NumberedStore.Change change) {
    if (change instanceof NumberedStore.Change.Added added) {
      added.events().forEach(this::add);
    } else if (change instanceof NumberedStore.Change.Discarded discarded) {
      // What is gone is not taken out: it has left the windows of all moments that are answered.
      OnlineStore.Position kept = discarded.firstKept();
      boolean whole = kept.known() == Long.MIN_VALUE && kept.id().isEmpty();
      raiseFloor(whole ? Micros.minus(kept.eventTime(), 1) : kept.eventTime());
    }
    number = change.number();
  }

  private void raiseFloor(long to) {
    floor = complete ? to : Math.max(floor, to);
    complete = false;
  }

  private void add(FeatureEvent event) {
    if (!complete && event.eventTime() <= floor) {
      return;
    }
    int slot = events.take(event);
    byTime.insert(byTime.first(other -> events.compare(slot, other) < 0), slot);
    boolean active = activation(slot) <= t;
    byActivation.insert(activeAt(activation(slot)), slot);
    if (active) {
      visible++;
    }
    for (Group group : groups) {
      if (event.eventTime() <= group.begin(t)) {
        group.begin++;
      } else if (active) {
        group.enter(slot);
      }
    }
  }

  /**
   * The features at a moment, asked now, whose windows all are within the retention; null if that
   * cannot be told from the events held, or would cost as much as to look at all events of the
   * windows. Goes to the moment.
   *
   * @throws TooManyEventsException as a question does
   */
  @Nullable FeatureValues at(long moment, long now) {
    if (!reaches(moment)) {
      return null;
    }
    if (moment >= t) {
      forward(moment);
    } else {
      back(moment);
    }
    int end = firstAfter(Micros.minus(t, evaluator.availableAfter()));
    int needed = groups.get(0).begin;
    int place = latest(end, evaluator.takesLatest() ? 0 : needed, now);
    boolean found = place >= 0;
    if (evaluator.takesLatest()) {
      if (!complete && (found ? time(place) <= floor : evaluator.isRetained(floor, now))) {
        return null;
      }
      needed = Math.min(needed, found ? place : firstRetained(now));
    }
    // So many a scan would have to look at.
    if (end - needed > evaluator.cap()) {
      throw new TooManyEventsException(evaluator.view().name(), evaluator.cap());
    }
    FeatureEvent latest = found ? events.get(byTime.slot(place)) : null;
    FeatureValues values = evaluator.values(t, latest, groups.get(0).entered > 0, this::value);
    forget(needed);
    return values;
  }

  private @Nullable Object value(int feature) {
    WindowState state = states[feature];
    return state == null ? null : state.value(events);
  }

  private boolean reaches(long moment) {
    if (!complete && Micros.minus(moment, evaluator.widest()) < floor) {
      return false;
    }
    if (moment >= t) {
      return true;
    }
    int steps = visible - activeAt(moment);
    for (Group group : groups) {
      steps += group.begin - firstAfter(group.begin(moment));
    }
    return steps <= byTime.size() / BACK;
  }

  private void forward(long moment) {
    for (Group group : groups) {
      long begin = group.begin(moment);
      while (group.begin < byTime.size() && time(group.begin) <= begin) {
        int slot = byTime.slot(group.begin++);
        if (activation(slot) <= t) {
          group.leave(slot);
        }
      }
    }
    t = moment;
    while (visible < byActivation.size() && activation(byActivation.slot(visible)) <= t) {
      int slot = byActivation.slot(visible++);
      for (Group group : groups) {
        if (events.eventTime(slot) > group.begin(t)) {
          group.enter(slot);
        }
      }
    }
  }

  private void back(long moment) {
    while (visible > 0 && activation(byActivation.slot(visible - 1)) > moment) {
      int slot = byActivation.slot(--visible);
      for (Group group : groups) {
        if (events.eventTime(slot) > group.begin(t)) {
          group.leave(slot);
        }
      }
    }
    t = moment;
    for (Group group : groups) {
      long begin = group.begin(t);
      while (group.begin > 0 && time(group.begin - 1) > begin) {
        int slot = byTime.slot(--group.begin);
        if (activation(slot) <= t) {
          group.enter(slot);
        }
      }
    }
  }

  /** The place of the latest visible event before {@code end}, not before {@code begin}; or -1. */
  private int latest(int end, int begin, long now) {
    for (int i = end - 1; i >= begin && evaluator.isRetained(time(i), now); i--) {
      if (activation(byTime.slot(i)) <= t) {
        return i;
      }
    }
    return -1;
  }

  private int firstRetained(long now) {
    return byTime.first(slot -> evaluator.isRetained(events.eventTime(slot), now));
  }

  /** Lets go of events before {@code needed} when they are more than those from there on. */
  private void forget(int needed) {
    int spare = SPARE + (byTime.size() - needed) / BACK;
    if (needed <= SPARE + byTime.size() - needed || needed <= spare) {
      return;
    }
    // All of one time stay or go.
    int cut = needed - spare;
    while (cut < needed && time(cut) == time(cut - 1)) {
      cut++;
    }
    raiseFloor(time(cut - 1));
    for (int i = 0; i < cut; i++) {
      events.free(byTime.slot(i));
    }
    byTime.removeFirst(cut);
    visible -= byActivation.removeFree(visible);
    for (Group group : groups) {
      group.begin -= cut;
    }
  }

  private long time(int place) {
    return events.eventTime(byTime.slot(place));
  }

  private long activation(int slot) {
    return evaluator.activation(events.eventTime(slot), events.known(slot));
  }

  /** The place of the first event that is later. */
  private int firstAfter(long eventTime) {
    return byTime.first(slot -> events.eventTime(slot) > eventTime);
  }

  /** How many are active at a moment. */
  private int activeAt(long moment) {
    return byActivation.first(slot -> activation(slot) > moment);
  }

  /** The windows of one length. */
  private final class Group {

    private final long length;
    private final List<WindowState> states = new ArrayList<>(1);

    /** The place of the first event, visible or not, that is in the window. */
    private int begin;

    /** How many visible events are in the window. */
    private int entered;

    Group(long length) {
      this.length = length;
    }

    /** The moment after which the window begins. */
    long begin(long moment) {
      return Micros.minus(moment, length);
    }

    void enter(int slot) {
      entered++;
      for (int i = 0; i < states.size(); i++) {
        states.get(i).add(events, slot);
      }
    }

    void leave(int slot) {
      entered--;
      for (int i = 0; i < states.size(); i++) {
        states.get(i).remove(events, slot);
      }
    }
  }
}
