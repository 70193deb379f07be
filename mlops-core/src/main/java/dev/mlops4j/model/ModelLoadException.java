package dev.mlops4j.model;

import dev.mlops4j.MlopsException;
import org.jspecify.annotations.Nullable;

/**
 * A loader could not make a model of a package that it is meant for: the model's bytes are not of
 * the format, or are refused as unsafe, or what the loader needs of the machine is not there.
 */
public class ModelLoadException extends MlopsException {

  private static final long serialVersionUID = 1L;

  /** Creates an exception that says what was asked, what was found and what to do. */
  public ModelLoadException(String message) {
    super(message);
  }

  /** Creates an exception with the one that led to it. */
  public ModelLoadException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
