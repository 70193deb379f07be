package dev.mlops4j.profile;

import dev.mlops4j.MlopsException;

/** A profile cannot give what it was asked for, or two profiles do not fit together. */
public class ProfileException extends MlopsException {

  private static final long serialVersionUID = 1L;

  /** Creates an exception that says what was asked, what was found and what to do. */
  public ProfileException(String message) {
    super(message);
  }
}
