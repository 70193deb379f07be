package dev.mlops4j.feature;

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

  /** All events of a view at this moment. */
  EventIndex index(FeatureView view);
}
