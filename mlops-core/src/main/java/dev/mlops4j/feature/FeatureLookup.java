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
}
