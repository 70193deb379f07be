package dev.mlops4j.tribuo;

import dev.mlops4j.MlopsException;
import org.jspecify.annotations.Nullable;

/** A model cannot be trained on this data, or its files are not a model that is accepted. */
public class TribuoException extends MlopsException {

  private static final long serialVersionUID = 1L;

  /** Creates an exception that says what was asked, what was found and what to do. */
  public TribuoException(String message) {
    super(message);
  }

  /** Creates an exception with the one that led to it. */
  public TribuoException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
