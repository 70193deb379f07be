package dev.mlops4j.feature;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The events of a view at one moment, by key, in ascending order. Immutable. */
final class EventIndex {

  private static final FeatureEvent[] NONE = {};

  private final Map<EntityKey, FeatureEvent[]> events = new HashMap<>();

  EventIndex(Map<EntityKey, List<FeatureEvent>> ascending) {
    ascending.forEach((key, list) -> events.put(key, list.toArray(NONE)));
  }

  /** All events, by key. */
  Map<EntityKey, List<FeatureEvent>> events() {
    Map<EntityKey, List<FeatureEvent>> all = new HashMap<>();
    events.forEach((key, array) -> all.put(key, List.of(array)));
    return all;
  }

  /** Shows a key's events as {@link OnlineStore#scan} does. */
  void scan(EntityKey key, long latest, OnlineStore.Visitor visitor) {
    descend(Arrays.asList(events.getOrDefault(key, NONE)), latest, visitor);
  }

  /** Shows ascending events from the last whose event time is at most {@code latest} downwards. */
  static void descend(List<FeatureEvent> ascending, long latest, OnlineStore.Visitor visitor) {
    int low = 0;
    int high = ascending.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (ascending.get(middle).eventTime() <= latest) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    for (int i = low - 1; i >= 0; i--) {
      if (!visitor.visit(ascending.get(i))) {
        return;
      }
    }
  }
}
