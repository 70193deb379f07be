package dev.mlops4j.feature;

import dev.mlops4j.MlopsException;

/** A training set needs a view of which the store has never heard. */
public class NoSuchFeatureViewException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String view;

  /** Creates an exception for this view. */
  public NoSuchFeatureViewException(String view) {
    super(
        "the feature store has no view \""
            + view
            + "\": ingest or push its events first, or register it if there are none yet");
    this.view = view;
  }

  /** The name of the view. */
  public String view() {
    return view;
  }
}
