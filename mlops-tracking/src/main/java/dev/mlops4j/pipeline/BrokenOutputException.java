package dev.mlops4j.pipeline;

import dev.mlops4j.MlopsException;
import org.jspecify.annotations.Nullable;

/** A kept output is not there any longer, was altered, or cannot be read by the present classes. */
public final class BrokenOutputException extends MlopsException {

  private static final long serialVersionUID = 1L;

  /** Creates the exception with what is wrong. */
  BrokenOutputException(String what, @Nullable Throwable cause) {
    super("a kept output cannot be used: " + what, cause);
  }

  static BrokenOutputException of(Exception e) {
    return e instanceof BrokenOutputException broken
        ? broken
        : new BrokenOutputException(String.valueOf(e.getMessage()), e);
  }
}
