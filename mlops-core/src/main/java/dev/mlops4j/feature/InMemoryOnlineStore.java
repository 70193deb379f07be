package dev.mlops4j.feature;

import dev.mlops4j.Digest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Holds events on the heap, for as long as the process lives. Reads of a view wait for a write to
 * it, not for each other. Closed, it throws {@link IllegalStateException}.
 */
public final class InMemoryOnlineStore implements NumberedStore {

  private final Map<FeatureView, ViewEvents> views = new ConcurrentHashMap<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private volatile boolean closed;

  /** Creates a store without events. */
  public InMemoryOnlineStore() {}

  @Override
  public int add(FeatureView view, Iterable<FeatureEvent> events) {
    return of(view).add(events);
  }

  @Override
  public void bringUp(
      FeatureView view, EntityKey key, Iterable<FeatureEvent> events, long horizon) {
    of(view).bringUp(key, events, horizon);
  }

  @Override
  public long scan(FeatureView view, EntityKey key, long latest, Visitor visitor) {
    return of(view).scan(key, latest, visitor);
  }

  @Override
  public long scan(FeatureView view, EntityKey key, Reader reader) {
    return of(view).scan(key, reader);
  }

  @Override
  public void listen(Listener listener) {
    listeners.add(listener);
  }

  @Override
  public void ignore(Listener listener) {
    listeners.remove(listener);
  }

  @Override
  public boolean discard(FeatureView view, EntityKey key, Position firstKept, long horizon) {
    return of(view).discard(key, firstKept, horizon);
  }

  @Override
  public int erase(String view, Digest version, EntityKey key) {
    return versions(view, version).mapToInt(events -> events.erase(key)).sum();
  }

  @Override
  public void visitKeys(FeatureView view, Consumer<EntityKey> visitor) {
    of(view).keys().forEach(visitor);
  }

  /** As {@link History#discardBefore}. */
  int discardBefore(ViewVersion version, long eventTime) {
    return versions(version.view(), version.fingerprint())
        .mapToInt(events -> events.discardBefore(eventTime))
        .sum();
  }

  private Stream<ViewEvents> versions(String view, Digest version) {
    return views.values().stream()
        .filter(
            events -> events.view.name().equals(view) && events.view.fingerprint().equals(version));
  }

  @Override
  public void close() {
    closed = true;
    views.clear();
  }

  /** As {@link History#push}. */
  Optional<FeatureEvent> push(FeatureView view, Supplier<FeatureEvent> event) {
    return of(view).push(event);
  }

  /** As {@link History#forEachKey}. */
  void forEachKey(FeatureView view, BiConsumer<EntityKey, List<FeatureEvent>> keys) {
    of(view).forEachKey(keys);
  }

  private ViewEvents of(FeatureView view) {
    ViewEvents found = views.get(view);
    if (found == null && closed) {
      throw new IllegalStateException("the online store is closed");
    }
    return found != null ? found : views.computeIfAbsent(view, ViewEvents::new);
  }

  /** The events of one view. */
  private final class ViewEvents {

    private final FeatureView view;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final Map<EntityKey, KeyEvents> keys = new HashMap<>();
    private final Set<String> ids = new HashSet<>();

    /** The number of changes of a key that has no events: more than that of any that was erased. */
    private long number;

    ViewEvents(FeatureView view) {
      this.view = view;
    }

    int add(Iterable<FeatureEvent> events) {
      lock.writeLock().lock();
      try {
        Map<String, FeatureEvent> fresh = new LinkedHashMap<>();
        for (FeatureEvent event : events) {
          if (!ids.contains(event.id())) {
            fresh.putIfAbsent(event.id(), event);
          }
        }
        Map<EntityKey, List<FeatureEvent>> byKey = new LinkedHashMap<>();
        for (FeatureEvent event : fresh.values()) {
          ids.add(event.id());
          byKey.computeIfAbsent(event.key(), key -> new ArrayList<>(1)).add(event);
        }
        byKey.forEach(this::add);
        return fresh.size();
      } finally {
        lock.writeLock().unlock();
      }
    }

    private void add(EntityKey key, List<FeatureEvent> events) {
      KeyEvents found = keys.computeIfAbsent(key, it -> new KeyEvents(number));
      found.add(events);
      found.number++;
      tell(key, new Change.Added(found.number, events));
    }

    private void tell(EntityKey key, Change change) {
      listeners.forEach(listener -> listener.changed(view, key, change));
    }

    Optional<FeatureEvent> push(Supplier<FeatureEvent> event) {
      lock.writeLock().lock();
      try {
        FeatureEvent made = event.get();
        return add(List.of(made)) > 0 ? Optional.of(made) : Optional.empty();
      } finally {
        lock.writeLock().unlock();
      }
    }

    void bringUp(EntityKey key, Iterable<FeatureEvent> events, long horizon) {
      lock.writeLock().lock();
      try {
        add(events);
        KeyEvents found = keys.get(key);
        if (found != null) {
          found.horizon = Math.max(found.horizon, horizon);
        }
      } finally {
        lock.writeLock().unlock();
      }
    }

    long scan(EntityKey key, long latest, Visitor visitor) {
      lock.readLock().lock();
      try {
        KeyEvents found = keys.getOrDefault(key, KeyEvents.NONE);
        EventIndex.descend(found.ascending, latest, visitor);
        return found.horizon;
      } finally {
        lock.readLock().unlock();
      }
    }

    long scan(EntityKey key, Reader reader) {
      lock.readLock().lock();
      try {
        KeyEvents found = keys.get(key);
        if (found == null) {
          reader.begin(number, Long.MIN_VALUE);
          return Long.MIN_VALUE;
        }
        if (reader.begin(found.number, found.horizon)) {
          EventIndex.descend(found.ascending, reader.latest(), reader);
        }
        return found.horizon;
      } finally {
        lock.readLock().unlock();
      }
    }

    int erase(EntityKey key) {
      lock.writeLock().lock();
      try {
        KeyEvents erased = keys.remove(key);
        if (erased == null) {
          return 0;
        }
        erased.ascending.forEach(event -> ids.remove(event.id()));
        number = Math.max(number, erased.number + 1);
        listeners.forEach(listener -> listener.erased(view, key));
        return erased.ascending.size();
      } finally {
        lock.writeLock().unlock();
      }
    }

    int discardBefore(long eventTime) {
      lock.writeLock().lock();
      try {
        int discarded = 0;
        for (EntityKey key : List.copyOf(keys.keySet())) {
          KeyEvents found = keys.getOrDefault(key, KeyEvents.NONE);
          int before = found.ascending.size();
          discard(key, new Position(eventTime, Long.MIN_VALUE, ""), Long.MIN_VALUE);
          discarded += before - found.ascending.size();
        }
        return discarded;
      } finally {
        lock.writeLock().unlock();
      }
    }

    boolean discard(EntityKey key, Position firstKept, long horizon) {
      lock.writeLock().lock();
      try {
        KeyEvents found = keys.get(key);
        if (found == null) {
          return false;
        }
        int dropped = 0;
        while (dropped < found.ascending.size()
            && firstKept.isAfter(found.ascending.get(dropped))) {
          ids.remove(found.ascending.get(dropped).id());
          dropped++;
        }
        if (dropped > 0) {
          found.ascending.subList(0, dropped).clear();
          found.number++;
          tell(key, new Change.Discarded(found.number, firstKept));
        }
        if (found.ascending.isEmpty()) {
          keys.remove(key);
          number = Math.max(number, found.number);
          return false;
        }
        boolean isBroughtUp = found.horizon != Long.MIN_VALUE;
        if (isBroughtUp) {
          found.horizon = Math.max(found.horizon, horizon);
        }
        return isBroughtUp;
      } finally {
        lock.writeLock().unlock();
      }
    }

    List<EntityKey> keys() {
      lock.readLock().lock();
      try {
        return List.copyOf(keys.keySet());
      } finally {
        lock.readLock().unlock();
      }
    }

    void forEachKey(BiConsumer<EntityKey, List<FeatureEvent>> visitor) {
      Map<EntityKey, List<FeatureEvent>> all = new LinkedHashMap<>();
      lock.readLock().lock();
      try {
        keys.forEach((key, found) -> all.put(key, List.copyOf(found.ascending)));
      } finally {
        lock.readLock().unlock();
      }
      // Whoever is shown the events may take long, or call the store.
      all.forEach(visitor);
    }
  }

  /** The events of one key. */
  private static final class KeyEvents {

    static final KeyEvents NONE = new KeyEvents(0);

    private final List<FeatureEvent> ascending = new ArrayList<>(2);
    private long horizon = Long.MIN_VALUE;

    /** How often the events have changed, and those of keys that were erased before. */
    private long number;

    KeyEvents(long number) {
      this.number = number;
    }

    void add(List<FeatureEvent> events) {
      boolean sorted = true;
      for (FeatureEvent event : events) {
        @Nullable FeatureEvent last =
            ascending.isEmpty() ? null : ascending.get(ascending.size() - 1);
        sorted &= last == null || last.compareTo(event) < 0;
        ascending.add(event);
      }
      if (!sorted) {
        ascending.sort(Comparator.naturalOrder());
      }
    }
  }
}
