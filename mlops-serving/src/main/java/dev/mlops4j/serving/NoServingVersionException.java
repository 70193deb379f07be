package dev.mlops4j.serving;

import dev.mlops4j.MlopsException;
import dev.mlops4j.registry.Stage;

/** A prediction was asked of a predictor whose stage is empty. */
public final class NoServingVersionException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String model;
  private final Stage stage;

  NoServingVersionException(String model, Stage stage) {
    super(
        "a prediction of \""
            + model
            + "\" was asked, but no version is in "
            + stage
            + "; promote one, and the predictor will pick it up");
    this.model = model;
    this.stage = stage;
  }

  /** The model's name. */
  public String model() {
    return model;
  }

  /** The stage that is empty. */
  public Stage stage() {
    return stage;
  }
}
