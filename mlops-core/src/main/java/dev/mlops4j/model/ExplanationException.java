package dev.mlops4j.model;

import dev.mlops4j.MlopsException;
import org.jspecify.annotations.Nullable;

/** A prediction cannot be explained: the model does not explain, or lacks what it takes. */
public class ExplanationException extends MlopsException {

  private static final long serialVersionUID = 1L;

  /** Creates an exception that says what was asked, what was found and what to do. */
  public ExplanationException(String message) {
    super(message);
  }

  /** Creates an exception with the one that led to it. */
  public ExplanationException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
