package dev.mlops4j.storage;

import dev.mlops4j.MlopsException;

/** Databases cannot be copied as they are: the message says why, and what to do. */
public final class CopyRefusedException extends MlopsException {

  private static final long serialVersionUID = 1L;

  CopyRefusedException(String message) {
    super(message);
  }
}
