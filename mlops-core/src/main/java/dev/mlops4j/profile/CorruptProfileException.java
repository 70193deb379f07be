package dev.mlops4j.profile;

import dev.mlops4j.MlopsException;

/** Bytes are not a stored profile, or one of a later format than this library reads. */
public class CorruptProfileException extends MlopsException {

  private static final long serialVersionUID = 1L;

  /** Creates an exception that says what was found and what to do. */
  public CorruptProfileException(String message) {
    super(message);
  }
}
