package dev.mlops4j.storage;

import org.jspecify.annotations.Nullable;

/** A database file is damaged, or is not a database. */
public class StorageCorruptException extends StorageException {

  private static final long serialVersionUID = 1L;

  /** Creates an exception with what was asked, what was found and what to do. */
  public StorageCorruptException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
