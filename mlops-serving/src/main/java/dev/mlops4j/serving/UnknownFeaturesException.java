package dev.mlops4j.serving;

import dev.mlops4j.MlopsException;

/** A version was trained on feature definitions that the predictor was not given. */
public final class UnknownFeaturesException extends MlopsException {

  private static final long serialVersionUID = 1L;

  UnknownFeaturesException(String message) {
    super(message);
  }
}
