package dev.mlops4j.serving;

import dev.mlops4j.MlopsException;
import org.jspecify.annotations.Nullable;

/**
 * A prediction was asked of a predictor that has no version to answer with: its stage or alias is
 * empty, or the version in it cannot serve and none served before.
 */
public final class NoServingVersionException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String model;
  private final String place;

  NoServingVersionException(String model, String place, @Nullable String problem) {
    super(
        "a prediction of \""
            + model
            + "\" was asked, but "
            + (problem == null
                ? "no version of it is in " + place + ", or there is no such model; put one there"
                : "no version serves: " + problem + "; put one in " + place + " that can serve")
            + ", and the predictor will pick it up");
    this.model = model;
    this.place = place;
  }

  /** The model's name. */
  public String model() {
    return model;
  }

  /** What is followed, such as {@code stage PRODUCTION}. */
  public String place() {
    return place;
  }
}
