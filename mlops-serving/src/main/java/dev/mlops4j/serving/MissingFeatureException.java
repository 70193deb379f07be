package dev.mlops4j.serving;

import dev.mlops4j.MlopsException;

/** A feature is missing without which the fallback answers; never leaves a predictor. */
final class MissingFeatureException extends MlopsException {

  private static final long serialVersionUID = 1L;

  MissingFeatureException(String feature) {
    super("feature \"" + feature + "\" is missing");
  }

  /** It is caught in the same call, on a path that may be hot. */
  @Override
  public Throwable fillInStackTrace() {
    return this;
  }
}
