package dev.mlops4j.registry;

import dev.mlops4j.MlopsException;
import java.util.Collection;

/** A model was asked for of which no version is registered. */
public final class NoSuchModelException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String model;

  NoSuchModelException(String model, Collection<String> models) {
    super(
        "there is no model \""
            + model
            + "\" in the registry; "
            + (models.isEmpty()
                ? "nothing is registered yet"
                : "it has " + String.join(", ", models)));
    this.model = model;
  }

  /** The name that was asked for. */
  public String model() {
    return model;
  }
}
