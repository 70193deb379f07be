package dev.mlops4j.monitoring;

import dev.mlops4j.MlopsException;
import org.jspecify.annotations.Nullable;

/** A monitor could not do what it was asked. */
public class MonitoringException extends MlopsException {

  private static final long serialVersionUID = 1L;

  /** Creates an exception that says what was asked, what was found and what to do. */
  public MonitoringException(String message) {
    super(message);
  }

  /** Creates an exception with the one that led to it. */
  public MonitoringException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
