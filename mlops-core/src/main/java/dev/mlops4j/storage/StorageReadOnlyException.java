package dev.mlops4j.storage;

import org.jspecify.annotations.Nullable;

/** What was to be written cannot be: the file, its directory or the transaction is read-only. */
public class StorageReadOnlyException extends StorageException {

  private static final long serialVersionUID = 1L;

  /** Creates an exception with what was asked, what was found and what to do. */
  public StorageReadOnlyException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
