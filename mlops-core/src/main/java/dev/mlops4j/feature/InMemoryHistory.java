package dev.mlops4j.feature;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** The history of a feature store that lives as long as its process. */
final class InMemoryHistory implements History {

  private final InMemoryOnlineStore events = new InMemoryOnlineStore();
  private final Map<String, FeatureView> views = new ConcurrentHashMap<>();

  @Override
  public boolean contains(FeatureView view) {
    FeatureView known = views.get(view.name());
    check(known == null ? view : known, view);
    return known != null;
  }

  @Override
  public void define(FeatureView view) {
    FeatureView known = views.putIfAbsent(view.name(), view);
    check(known == null ? view : known, view);
  }

  @Override
  public EventIndex index(FeatureView view) {
    return events.index(view);
  }

  @Override
  public void forEachKey(FeatureView view, BiConsumer<EntityKey, List<FeatureEvent>> keys) {
    events.forEachKey(view, keys);
  }

  @Override
  public Optional<FeatureEvent> push(FeatureView view, Supplier<FeatureEvent> event) {
    return events.push(view, event);
  }

  @Override
  public int add(FeatureView view, Iterable<FeatureEvent> added) {
    return events.add(view, added);
  }

  @Override
  public long scan(FeatureView view, EntityKey key, long latest, Visitor visitor) {
    return events.scan(view, key, latest, visitor);
  }

  @Override
  public void discard(FeatureView view, EntityKey key, Position firstKept, long horizon) {
    throw new UnsupportedOperationException("nothing is discarded from the history");
  }

  @Override
  public void close() {
    events.close();
  }

  private static void check(FeatureView known, FeatureView given) {
    if (!known.equals(given)) {
      throw new FeatureDefinitionChangedException(
          given.name(), ViewDefinition.difference(known.definition(), given.definition()));
    }
  }
}
