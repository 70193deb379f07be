package dev.mlops4j.redis;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;

import dev.mlops4j.feature.EntityKey;
import dev.mlops4j.feature.FeatureEvent;
import dev.mlops4j.feature.FeatureView;
import dev.mlops4j.feature.OnlineStore;
import java.util.ArrayList;
import java.util.List;

/** A view and events of it. */
final class Readings {

  static final FeatureView VIEW = view("readings").build();
  static final EntityKey KEY = EntityKey.of(VIEW, "k");

  private Readings() {}

  static FeatureView.Builder view(String name) {
    return FeatureView.named(name)
        .key("sensor", STRING)
        .eventTime("time")
        .feature("number", FLOAT64);
  }

  static FeatureEvent event(long eventTime, long known, String id) {
    return event(KEY, eventTime, known, id, 1.5);
  }

  static FeatureEvent event(EntityKey key, long eventTime, long known, String id, Object number) {
    return new FeatureEvent(key, eventTime, known, id, new Object[] {number});
  }

  /** Events of the times 1 to count. */
  static List<FeatureEvent> events(int count) {
    List<FeatureEvent> events = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      events.add(event(i, i, "id" + i));
    }
    return events;
  }

  static List<FeatureEvent> scan(OnlineStore store) {
    return scan(store, VIEW, KEY);
  }

  static List<FeatureEvent> scan(OnlineStore store, FeatureView view, EntityKey key) {
    List<FeatureEvent> seen = new ArrayList<>();
    store.scan(view, key, Long.MAX_VALUE, seen::add);
    return seen;
  }
}
