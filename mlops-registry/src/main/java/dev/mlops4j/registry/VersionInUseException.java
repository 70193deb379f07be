package dev.mlops4j.registry;

import dev.mlops4j.MlopsException;
import java.util.List;

/** A version was to be deleted that is in use. Nothing was changed. */
public final class VersionInUseException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String model;
  private final int number;

  VersionInUseException(ModelVersion version, List<String> uses) {
    super(
        version.label()
            + " cannot be deleted: "
            + String.join("; ", uses)
            + ". Take it out of use first: promote another, or move the alias");
    this.model = version.model();
    this.number = version.number();
  }

  /** The model's name. */
  public String model() {
    return model;
  }

  /** The version's number. */
  public int number() {
    return number;
  }
}
