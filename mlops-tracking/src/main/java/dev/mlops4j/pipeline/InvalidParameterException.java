package dev.mlops4j.pipeline;

import dev.mlops4j.MlopsException;
import org.jspecify.annotations.Nullable;

/** A run was given a parameter that the pipeline does not have, of a wrong type, or not at all. */
public final class InvalidParameterException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String parameter;

  /** Creates the exception for a parameter; the message says what is accepted. */
  public InvalidParameterException(String parameter, String message) {
    super(message);
    this.parameter = parameter;
  }

  InvalidParameterException(
      String parameter, Class<?> type, String text, @Nullable String accepted, Throwable cause) {
    super(
        "parameter \""
            + parameter
            + "\" is a "
            + type.getSimpleName()
            + ", found \""
            + text
            + "\""
            + (accepted == null ? "" : "; accepted is " + accepted),
        cause);
    this.parameter = parameter;
  }

  /** The name of the parameter. */
  public String parameter() {
    return parameter;
  }
}
