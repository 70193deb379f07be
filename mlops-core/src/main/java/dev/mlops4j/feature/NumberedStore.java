package dev.mlops4j.feature;

import java.util.List;

/**
 * A store that numbers the changes of each key, and tells those who listen what they were: so that
 * what was computed of a key's events can be kept until there are others, and brought up to them.
 *
 * <p>The number of a key only rises, also when the key is erased, and is the same only if nothing
 * of its events has changed. A change that is told made it one greater; one that is not told, as by
 * another process, made it greater by something.
 */
interface NumberedStore extends OnlineStore {

  /**
   * As {@link OnlineStore#scan}; the number, the horizon and the events are those of one moment.
   */
  long scan(FeatureView view, EntityKey key, Reader reader);

  /** Tells the listener of every change made through this object from now on. */
  void listen(Listener listener);

  /** Tells it no more. */
  void ignore(Listener listener);

  /** Sees a key's number, and its events if it asks for them. */
  interface Reader extends Visitor {

    /**
     * Sees the key's number and horizon; returns whether to show events, else none is shown. Called
     * again if the store has to begin anew: what was seen before is then void.
     */
    boolean begin(long number, long horizon);

    /** The latest event time to show; asked for after {@link #begin}. */
    long latest();
  }

  /** What became of a key's events, in one step. */
  sealed interface Change {

    /** The key's number since. */
    long number();

    /**
     * Events were added.
     *
     * @param events all of them, in any order
     */
    record Added(long number, List<FeatureEvent> events) implements Change {}

    /** All events before a place in their order were removed. */
    record Discarded(long number, Position firstKept) implements Change {}
  }

  /**
   * Is told of changes before the call that made them returns: those of a key may come out of their
   * order, from several threads. Called in the middle of writing, so it must be quick and not call
   * the store.
   */
  interface Listener {

    void changed(FeatureView view, EntityKey key, Change change);

    /** A key was erased: nothing of it is to stay in memory. */
    void erased(FeatureView view, EntityKey key);
  }
}
