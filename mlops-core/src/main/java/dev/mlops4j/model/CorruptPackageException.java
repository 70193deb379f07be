package dev.mlops4j.model;

import dev.mlops4j.MlopsException;
import org.jspecify.annotations.Nullable;

/**
 * The files given for a model package are not what its manifest says, or not a package at all. No
 * part of it was used.
 */
public class CorruptPackageException extends MlopsException {

  private static final long serialVersionUID = 1L;

  /** Creates an exception that says what was asked, what was found and what to do. */
  public CorruptPackageException(String message) {
    super(message);
  }

  /** Creates an exception with the one that led to it. */
  public CorruptPackageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
