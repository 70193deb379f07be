package dev.mlops4j.feature;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The latest events of the keys asked for last, so that a lookup need not read them again. They are
 * only used while the key has as many changes as when they were read, which the reader sees in its
 * own snapshot of the database; so they stay right whoever else writes to it. Bounded by {@link
 * #MOST_EVENTS} in all. Safe for any number of threads.
 */
final class HotKeys {

  private static final int MOST_EVENTS = 200_000;
  private static final int MOST_EVENTS_OF_A_KEY = 4_096;

  private final Map<Name, Latest> kept = new LinkedHashMap<>(64, 0.75f, true);
  private int size;

  /** A key of a view, as it is numbered in the database. */
  record Name(long view, EntityKey key) {}

  /**
   * All events of a key with an event time after {@code from}, as of this number of changes.
   *
   * @param from {@link Long#MIN_VALUE} if these are all events, of that time too
   * @param ascending in ascending order; not to be changed
   */
  record Latest(long changes, long from, List<FeatureEvent> ascending) {

    /** The same with events that were one more change. */
    private Latest with(List<FeatureEvent> events) {
      List<FeatureEvent> more = new ArrayList<>(ascending.size() + events.size());
      more.addAll(ascending);
      for (FeatureEvent event : events) {
        if (event.eventTime() > from || from == Long.MIN_VALUE) {
          more.add(event);
        }
      }
      if (more.size() == ascending.size()) {
        return new Latest(changes + 1, from, ascending);
      }
      // One that comes after all others, as most do, costs a look.
      more.sort(Comparator.naturalOrder());
      return new Latest(changes + 1, from, more);
    }

    /** The newer half, cut between two event times, if there are too many. */
    private Latest bounded() {
      if (ascending.size() <= MOST_EVENTS_OF_A_KEY) {
        return this;
      }
      long newFrom = ascending.get(ascending.size() / 2).eventTime();
      if (newFrom == Long.MIN_VALUE) {
        return new Latest(changes, Long.MAX_VALUE, List.of());
      }
      return new Latest(
          changes,
          newFrom,
          ascending.stream().filter(event -> event.eventTime() > newFrom).toList());
    }
  }

  /** The latest events of a key, if they are those after this number of changes. */
  synchronized @Nullable Latest get(Name name, long changes) {
    Latest found = kept.get(name);
    return found != null && found.changes == changes ? found : null;
  }

  synchronized void put(Name name, Latest latest) {
    remove(name);
    Latest bounded = latest.bounded();
    kept.put(name, bounded);
    size += weight(bounded);
    var eldest = kept.entrySet().iterator();
    while (size > MOST_EVENTS && eldest.hasNext()) {
      size -= weight(eldest.next().getValue());
      eldest.remove();
    }
  }

  /** Takes up events that were committed as the key's change of this number. */
  synchronized void added(Name name, NumberedStore.Change.Added change) {
    Latest found = kept.get(name);
    if (found != null && found.changes == change.number() - 1) {
      put(name, found.with(change.events()));
    }
  }

  /** Lets go of a key's events, which are not to stay in memory. */
  synchronized void forget(Name name) {
    remove(name);
  }

  synchronized void clear() {
    kept.clear();
    size = 0;
  }

  private void remove(Name name) {
    Latest removed = kept.remove(name);
    if (removed != null) {
      size -= weight(removed);
    }
  }

  private static int weight(Latest latest) {
    return 1 + latest.ascending.size();
  }
}
