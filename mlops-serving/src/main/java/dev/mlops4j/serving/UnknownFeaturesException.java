package dev.mlops4j.serving;

import dev.mlops4j.MlopsException;

/** A version was trained on feature definitions that the predictor was not given. */
public final class UnknownFeaturesException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String model;
  private final int version;

  UnknownFeaturesException(String model, int version, String message) {
    super(message);
    this.model = model;
    this.version = version;
  }

  /** The model's name. */
  public String model() {
    return model;
  }

  /** The version's number, or 0 for a package outside a registry. */
  public int version() {
    return version;
  }
}
