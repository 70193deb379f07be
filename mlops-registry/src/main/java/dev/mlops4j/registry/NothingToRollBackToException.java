package dev.mlops4j.registry;

import dev.mlops4j.MlopsException;
import org.jspecify.annotations.Nullable;

/** A rollback was asked for, and no version served before the present one. Nothing was changed. */
public final class NothingToRollBackToException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String model;

  NothingToRollBackToException(String model, @Nullable ModelVersion present) {
    super(
        "cannot roll back model \""
            + model
            + "\": "
            + (present == null
                ? "no version of it is or was in PRODUCTION"
                : "no version served before the present one, version " + present.number())
            + ". Promote the version that shall serve");
    this.model = model;
  }

  /** The model's name. */
  public String model() {
    return model;
  }
}
