package dev.mlops4j.feature;

import java.time.Instant;

/** Where the features of a view are looked up at the moment a prediction is asked. */
@FunctionalInterface
public interface FeatureLookup {

  /** For feature sets that look nothing up: throws if they do. */
  FeatureLookup NONE =
      (view, key, at) -> {
        throw new FeatureDefinitionException(
            "view \""
                + view.name()
                + "\" is to be looked up, but no feature store was given; give"
                + " one with online(...)");
      };

  /**
   * The features of this key at this moment, or now if that is earlier.
   *
   * @throws TooManyEventsException if there are more events to look at than the stated cap
   */
  FeatureValues get(FeatureView view, EntityKey key, Instant at);

  /**
   * Fails if this view cannot be looked up here at all, so that a service learns of it when it
   * starts and not from predictions without features. A lookup that cannot tell says nothing.
   *
   * @throws NoSuchFeatureViewException if the view is not known here
   * @throws FeatureDefinitionChangedException if it is known with another definition
   */
  default void requireView(FeatureView view) {}
}
