package dev.mlops4j;

import org.jspecify.annotations.Nullable;

/**
 * The root of every exception that MLOps4J throws on its own account.
 *
 * <p>A message says what was asked, what was found, and what to do. It never carries a secret, a
 * whole payload or the value of a sensitive column. Specific types carry the identifiers that a
 * caller may want to act on.
 */
public class MlopsException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  /** Creates an exception that has no other one behind it. */
  public MlopsException(String message) {
    super(message);
  }

  /** Creates an exception with the one that led to it. */
  public MlopsException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
