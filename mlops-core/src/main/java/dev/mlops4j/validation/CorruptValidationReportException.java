package dev.mlops4j.validation;

import dev.mlops4j.MlopsException;
import org.jspecify.annotations.Nullable;

/** A text is not a stored validation report, or one of a later version than this library reads. */
public class CorruptValidationReportException extends MlopsException {

  private static final long serialVersionUID = 1L;

  /** Creates an exception that says what was found and what to do. */
  public CorruptValidationReportException(String message) {
    super(message);
  }

  /** Creates an exception with the one that led to it. */
  public CorruptValidationReportException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
