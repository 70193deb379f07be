package dev.mlops4j.feature;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Keeps an online store of the user's own up to the history: of each key it has what questions
 * within the look-back depend on, and nothing of a key of which that is nothing. Safe for any
 * number of threads.
 */
final class OnlineCopy {

  /** The horizon of a key that is to be looked up in the history. */
  static final long NOT_BROUGHT_UP = Long.MIN_VALUE;

  /** How many events are added by one call: a store is not to be busy with one key for long. */
  static final int MOST_EVENTS_OF_A_CALL = 10_000;

  private final OnlineStore store;
  private final History history;
  private final InstantSource clock;
  private final long lookBack;
  private final Function<FeatureView, Evaluator> evaluators;
  private final Map<FeatureView, FirstUse> firstUses = new ConcurrentHashMap<>();

  OnlineCopy(
      OnlineStore store,
      History history,
      InstantSource clock,
      long lookBack,
      Function<FeatureView, Evaluator> evaluators) {
    this.store = store;
    this.history = history;
    this.clock = clock;
    this.lookBack = lookBack;
    this.evaluators = evaluators;
  }

  OnlineStore store() {
    return store;
  }

  /** Brings all keys of a view up to the history, at the first use here. */
  void use(FeatureView view) {
    firstUses.computeIfAbsent(view, FirstUse::new).end();
  }

  /** Adds an event that the history has taken up. */
  void add(FeatureView view, FeatureEvent event) {
    store.add(view, List.of(event));
    if (!isInHistory(view, event.key(), List.of(event))) {
      store.erase(view, event.key());
      bringUp(view, event.key());
    } else if (!trim(view, event.key())) {
      // Met for the first time, or lost by the store: it has this event, and not those before.
      bringUp(view, event.key());
    }
  }

  /** Brings a key up to the history, whoever took its events in. */
  void bringUp(FeatureView view, EntityKey key) {
    while (true) {
      long now = Micros.of(clock.instant());
      long horizon = Micros.minus(now, lookBack);
      OnlineStore.Position firstNeeded =
          evaluators
              .apply(view)
              .firstNeeded(
                  horizon, now, (latest, visitor) -> history.scan(view, key, latest, visitor));
      List<FeatureEvent> needed = new ArrayList<>();
      history.scan(
          view, key, Long.MAX_VALUE, event -> !firstNeeded.isAfter(event) && needed.add(event));
      if (needed.isEmpty()) {
        // What it has of an earlier bring-up may lack events that came late.
        boolean unused = store.discard(view, key, firstNeeded, horizon);
        return;
      }
      int last = 0;
      while (needed.size() - last > MOST_EVENTS_OF_A_CALL) {
        store.add(view, needed.subList(last, last + MOST_EVENTS_OF_A_CALL));
        last += MOST_EVENTS_OF_A_CALL;
      }
      store.bringUp(view, key, needed.subList(last, needed.size()), horizon);
      if (isInHistory(view, key, needed)) {
        store.discard(view, key, firstNeeded, horizon);
        return;
      }
      store.erase(view, key); // as another has erased it meanwhile
    }
  }

  void erase(List<ViewVersion> versions, EntityKey key) {
    versions.forEach(of -> store.erase(of.view(), of.fingerprint(), key));
  }

  /** Has the store forget what no question within the look-back depends on, of all keys. */
  void trim(FeatureView view) {
    store.visitKeys(view, key -> trim(view, key));
  }

  /**
   * The same of one key.
   *
   * @return whether the key is brought up
   */
  private boolean trim(FeatureView view, EntityKey key) {
    long now = Micros.of(clock.instant());
    long horizon = Micros.minus(now, lookBack);
    OnlineStore.Position firstNeeded =
        evaluators
            .apply(view)
            .firstNeeded(horizon, now, (latest, visitor) -> store.scan(view, key, latest, visitor));
    return store.discard(view, key, firstNeeded, horizon);
  }

  private boolean isInHistory(FeatureView view, EntityKey key, List<FeatureEvent> events) {
    Set<String> ids = new HashSet<>();
    events.forEach(event -> ids.add(event.id()));
    FeatureEvent least = Collections.min(events);
    history.scan(
        view,
        key,
        Collections.max(events).eventTime(),
        event -> {
          ids.remove(event.id());
          return event.compareTo(least) > 0;
        });
    return ids.isEmpty();
  }

  /** The first use of a view, which goes on where it failed. */
  private final class FirstUse {

    private final FeatureView view;
    private volatile boolean ended;

    /** The last key that was brought up; guarded by this. */
    private @Nullable EntityKey last;

    FirstUse(FeatureView view) {
      this.view = view;
    }

    void end() {
      if (!ended) {
        bringUpAll();
      }
    }

    private synchronized void bringUpAll() {
      if (!ended) {
        history.visitKeysAfter(
            view,
            last,
            key -> {
              bringUp(view, key);
              last = key;
            });
        ended = true;
      }
    }
  }
}
