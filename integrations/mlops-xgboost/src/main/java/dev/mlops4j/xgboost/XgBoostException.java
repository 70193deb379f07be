package dev.mlops4j.xgboost;

import dev.mlops4j.MlopsException;
import org.jspecify.annotations.Nullable;

/**
 * XGBoost could not do what was asked: the data cannot be trained on, the native library is not to
 * be had, or it reports an error.
 */
public class XgBoostException extends MlopsException {

  private static final long serialVersionUID = 1L;

  /** Creates an exception that says what was asked, what was found and what to do. */
  public XgBoostException(String message) {
    super(message);
  }

  /** Creates an exception with the one that led to it. */
  public XgBoostException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
