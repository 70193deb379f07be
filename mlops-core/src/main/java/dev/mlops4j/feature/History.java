package dev.mlops4j.feature;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;

/** All events ever taken in, and the definitions of their views; nothing is discarded from it. */
interface History extends OnlineStore {

  /**
   * Whether there is a view of this name.
   *
   * @throws FeatureDefinitionChangedException if it has another definition
   */
  boolean contains(FeatureView view);

  /**
   * Takes up a view, if it is not there.
   *
   * @throws FeatureDefinitionChangedException if it is there with another definition
   */
  void define(FeatureView view);

  /**
   * Adds one event, which is made within the write: when all writes before have ended, and before
   * anyone sees it.
   *
   * @param event called once a write begins, again if the write is begun anew
   * @return the event, or empty if the view has one of its id
   */
  Optional<FeatureEvent> push(FeatureView view, Supplier<FeatureEvent> event);

  /** All events of a view at this moment. */
  EventIndex index(FeatureView view);

  /** Shows all events of a view at this moment, key by key, each key's in ascending order. */
  void forEachKey(FeatureView view, BiConsumer<EntityKey, List<FeatureEvent>> keys);
}
