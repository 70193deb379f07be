package dev.mlops4j.serving;

import dev.mlops4j.MlopsException;
import dev.mlops4j.registry.Stage;
import org.jspecify.annotations.Nullable;

/**
 * A prediction was asked of a predictor that has no version to answer with: its stage is empty, or
 * the version in it cannot serve and none served before.
 */
public final class NoServingVersionException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String model;
  private final Stage stage;

  NoServingVersionException(String model, Stage stage, @Nullable String problem) {
    super(
        "a prediction of \""
            + model
            + "\" was asked, but "
            + (problem == null
                ? "no version of it is in " + stage + ", or there is no such model; promote one"
                : "no version serves: " + problem + "; promote one to " + stage + " that can serve")
            + ", and the predictor will pick it up");
    this.model = model;
    this.stage = stage;
  }

  /** The model's name. */
  public String model() {
    return model;
  }

  /** The stage that is followed. */
  public Stage stage() {
    return stage;
  }
}
