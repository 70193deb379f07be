package dev.mlops4j.storage;

import org.jspecify.annotations.Nullable;

/** Another process held the database for longer than the library waits. */
public class StorageBusyException extends StorageException {

  private static final long serialVersionUID = 1L;

  /** Creates an exception with what was asked, what was found and what to do. */
  public StorageBusyException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
