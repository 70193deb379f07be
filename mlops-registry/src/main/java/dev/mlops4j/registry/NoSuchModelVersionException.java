package dev.mlops4j.registry;

import dev.mlops4j.MlopsException;
import java.util.List;

/** A version was asked for that the model does not have. */
public final class NoSuchModelVersionException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String model;
  private final int number;

  NoSuchModelVersionException(String model, int number, List<ModelVersion> versions) {
    super(
        "model \""
            + model
            + "\" has no version "
            + number
            + "; it has "
            + versions.stream().map(v -> v.number() + " (" + v.stage() + ")").toList());
    this.model = model;
    this.number = number;
  }

  /** The model's name. */
  public String model() {
    return model;
  }

  /** The number that was asked for. */
  public int number() {
    return number;
  }
}
