package dev.mlops4j.pipeline;

import dev.mlops4j.MlopsException;

/**
 * A pipeline was declared in a way that cannot be run: a name twice, a setting out of its range.
 */
public final class InvalidPipelineException extends MlopsException {

  private static final long serialVersionUID = 1L;

  /** Creates the exception; the message says what is accepted. */
  public InvalidPipelineException(String message) {
    super(message);
  }
}
