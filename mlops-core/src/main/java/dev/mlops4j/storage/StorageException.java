package dev.mlops4j.storage;

import dev.mlops4j.MlopsException;
import org.jspecify.annotations.Nullable;

/** A database or a file could not be read or written. The store is as it was before the call. */
public class StorageException extends MlopsException {

  private static final long serialVersionUID = 1L;

  /** Creates an exception with what was asked, what was found and what to do. */
  public StorageException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
