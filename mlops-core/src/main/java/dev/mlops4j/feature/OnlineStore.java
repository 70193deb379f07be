package dev.mlops4j.feature;

import dev.mlops4j.Digest;
import java.util.function.Consumer;

/**
 * Where the events of each key are held for lookups, for authors of backends. It holds no rule of
 * meaning: it adds events, shows them in order, and forgets those it is told to.
 *
 * <p>Its copy of a key is either brought up ({@link #bringUp}), and then has a horizon and answers
 * all questions asked at the horizon or later, or it has no horizon, and then the key is looked up
 * in the history: a store that has lost all its data, or has only just met a key, never says that
 * there is nothing. A horizon goes with a key's last event, so that nothing stays of keys that need
 * nothing.
 *
 * <p>Rules for every implementation, checked by {@code OnlineStoreContract} in the testkit:
 *
 * <ul>
 *   <li>Events belong to a view, found by its {@link FeatureView#fingerprint() fingerprint}, and to
 *       a key; both are told apart exactly. Another definition under the same name is another view.
 *   <li>Events of a view that states an {@link FeatureView#eventId() event id} are told apart by
 *       it. Of other views, an id comes with one key, time and known time alone, so that it is
 *       enough to look among a key's events.
 *   <li>Nulls in an event's values come back as nulls, numbers to the bit (NaN as NaN).
 *   <li>A failing call changes nothing. Failures are {@link dev.mlops4j.MlopsException}s.
 *   <li>Safe for any number of threads. What {@link #add}, {@link #bringUp} and {@link #discard}
 *       did is seen by every scan that begins after they returned, in this process and in any other
 *       on the same backend.
 * </ul>
 */
public interface OnlineStore extends AutoCloseable {

  /**
   * Adds events, all or none. An event is ignored if its view has one of the same id, also within
   * the batch: the first stays as it was.
   *
   * @param events in any order, of any keys of the view
   * @return how many were added
   */
  int add(FeatureView view, Iterable<FeatureEvent> events);

  /**
   * Adds events of a key, as {@link #add} does, and raises its horizon to {@code horizon} if it has
   * none or an earlier one, in one step. A key that has no events then gets no horizon.
   *
   * @param events of this key, in any order
   * @param horizon from here on questions are answered from here: of events that they depend on,
   *     the store has all; in microseconds since the epoch
   */
  void bringUp(FeatureView view, EntityKey key, Iterable<FeatureEvent> events, long horizon);

  /**
   * Shows a key's events in descending {@link FeatureEvent#compareTo order}, beginning with the
   * greatest whose event time is at most {@code latest}, until there are no more or the visitor has
   * seen enough. The events and the horizon are those of one moment. The visitor must not call the
   * store.
   *
   * @param latest in microseconds since the epoch
   * @return the key's horizon: or {@link Long#MIN_VALUE} if it is not brought up
   */
  long scan(FeatureView view, EntityKey key, long latest, Visitor visitor);

  /**
   * Forgets a key's events that are less than {@code firstKept} in the order, and raises its
   * horizon, if it has one, to {@code horizon} if that is greater. In one step: no scan sees one
   * without the other. The ids of forgotten events may be forgotten as well. A key that has no
   * events then is forgotten altogether, its horizon too.
   *
   * @param horizon questions asked about an earlier moment can no longer be answered from here, in
   *     microseconds since the epoch
   * @return whether the key has a horizon
   */
  boolean discard(FeatureView view, EntityKey key, Position firstKept, long horizon);

  /**
   * Forgets all of a key: its events, their ids, its horizon, and that there ever was such a key.
   *
   * @return how many events were removed
   */
  default int erase(FeatureView view, EntityKey key) {
    return erase(view.name(), view.fingerprint(), key);
  }

  /**
   * The same of any version of a view, whose definition the program need not have any more. Of a
   * view that the store has never seen there is nothing to forget.
   *
   * @param view the name
   * @param version the {@linkplain FeatureView#fingerprint() fingerprint}
   */
  int erase(String view, Digest version, EntityKey key);

  /**
   * Shows every key of a view that has a horizon when the call begins and when it ends, in any
   * order, some perhaps twice; others that have events may be shown too. The visitor may call the
   * store.
   */
  void visitKeys(FeatureView view, Consumer<EntityKey> keys);

  /** Frees what the store holds. What it keeps durably stays. Closing twice does nothing. */
  @Override
  void close();

  /** Sees events one by one. */
  @FunctionalInterface
  interface Visitor {

    /** Sees an event; returns whether to go on. */
    boolean visit(FeatureEvent event);
  }

  /**
   * A place in the order of a key's events.
   *
   * @param eventTime in microseconds since the epoch
   * @param known in microseconds since the epoch
   * @param id an event's id, or the empty string, which is before all others
   */
  record Position(long eventTime, long known, String id) {

    /** Whether the event comes before this place. */
    public boolean isAfter(FeatureEvent event) {
      return FeatureEvent.compare(
              event.eventTime(), event.known(), event.id(), eventTime, known, id)
          < 0;
    }
  }
}
