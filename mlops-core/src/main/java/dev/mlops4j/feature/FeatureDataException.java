package dev.mlops4j.feature;

import dev.mlops4j.MlopsException;

/**
 * Rows given to a view, or a key asked for, do not fit its definition, or a period cannot be
 * materialized. Nothing of the rows was stored; of a materialization, the steps before were.
 */
public class FeatureDataException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String view;

  /** Creates an exception for this view. */
  public FeatureDataException(String view, String message) {
    super("view \"" + view + "\": " + message);
    this.view = view;
  }

  /** The name of the view. */
  public String view() {
    return view;
  }
}
