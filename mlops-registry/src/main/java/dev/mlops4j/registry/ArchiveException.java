package dev.mlops4j.registry;

import dev.mlops4j.MlopsException;
import org.jspecify.annotations.Nullable;

/**
 * An archive of versions cannot be written, or is refused: it is damaged, made by a newer library,
 * too large, or holds what an archive does not. Nothing was written or registered.
 */
public final class ArchiveException extends MlopsException {

  private static final long serialVersionUID = 1L;

  ArchiveException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  ArchiveException(String message) {
    this(message, null);
  }
}
