package dev.mlops4j.pipeline;

import dev.mlops4j.MlopsException;
import org.jspecify.annotations.Nullable;

/** What a step gave, or a constant, cannot be kept so that it is the same when it is read again. */
public final class UnstorableOutputException extends MlopsException {

  private static final long serialVersionUID = 1L;

  /** Creates the exception; the message says what was found. */
  public UnstorableOutputException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
