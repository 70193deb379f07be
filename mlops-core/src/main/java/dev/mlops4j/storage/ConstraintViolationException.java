package dev.mlops4j.storage;

import org.jspecify.annotations.Nullable;

/** A row breaks a constraint of its table: a key that is there already, a reference to nothing. */
public class ConstraintViolationException extends StorageException {

  private static final long serialVersionUID = 1L;

  /** Creates an exception with what was asked, what was found and what to do. */
  public ConstraintViolationException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
