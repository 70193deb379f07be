package dev.mlops4j.workspace;

import dev.mlops4j.MlopsException;
import org.jspecify.annotations.Nullable;

/**
 * An archive cannot be written, or is refused: it is damaged, made by a newer library, too large,
 * or holds what an archive does not. Nothing of it can be seen in the workspace.
 */
public final class ArchiveException extends MlopsException {

  private static final long serialVersionUID = 1L;

  /** Says what is wrong, and what led to it. */
  public ArchiveException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Says what is wrong. */
  public ArchiveException(String message) {
    this(message, null);
  }
}
