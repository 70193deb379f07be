package dev.mlops4j.model;

import dev.mlops4j.MlopsException;
import org.jspecify.annotations.Nullable;

/** A model package could not be written to a directory; nothing of it is left there. */
public class PackageWriteException extends MlopsException {

  private static final long serialVersionUID = 1L;

  /** Creates an exception that says what was asked, what was found and what to do. */
  public PackageWriteException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
