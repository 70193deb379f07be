package dev.mlops4j.tracking;

import dev.mlops4j.MlopsException;

/** A key, a name, a path or a value is not of the form that the store accepts. */
public final class InvalidNameException extends MlopsException {

  private static final long serialVersionUID = 1L;

  /** Creates the exception with what was given and what is accepted. */
  InvalidNameException(String message) {
    super(message);
  }
}
