package dev.mlops4j.storage;

import org.jspecify.annotations.Nullable;

/** There is no room left for what was to be written. The store is as it was before the call. */
public class StorageFullException extends StorageException {

  private static final long serialVersionUID = 1L;

  /** Creates an exception with what was asked, what was found and what to do. */
  public StorageFullException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
