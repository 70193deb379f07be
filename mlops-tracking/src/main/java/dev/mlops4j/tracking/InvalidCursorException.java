package dev.mlops4j.tracking;

import dev.mlops4j.MlopsException;

/** A cursor was not made by the search it was given to. */
public final class InvalidCursorException extends MlopsException {

  private static final long serialVersionUID = 1L;

  /** Creates the exception. */
  public InvalidCursorException(String problem) {
    super(
        "the cursor "
            + problem
            + "; a cursor is for the search that gave it, with the same experiments, filter, order"
            + " and lifecycle. Begin without one");
  }
}
