package dev.mlops4j.feature;

import dev.mlops4j.MlopsException;

/** The events to be looked at for one key are more than the store's stated cap. */
public class TooManyEventsException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String view;
  private final int cap;

  /** Creates an exception for a key of this view. */
  public TooManyEventsException(String view, int cap) {
    super(
        "view \""
            + view
            + "\": one key has more than "
            + cap
            + " events in its widest window, the cap of this feature store; use a shorter window"
            + " or a finer key, or raise maxEventsPerLookup");
    this.view = view;
    this.cap = cap;
  }

  /** The name of the view. */
  public String view() {
    return view;
  }

  /** How many events one lookup may look at. */
  public int cap() {
    return cap;
  }
}
