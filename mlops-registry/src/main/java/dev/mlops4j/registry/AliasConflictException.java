package dev.mlops4j.registry;

import dev.mlops4j.MlopsException;
import org.jspecify.annotations.Nullable;

/** An alias does not point to the version that the caller expected. Nothing was changed. */
public final class AliasConflictException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String model;
  private final String alias;
  private final @Nullable Integer expected;
  private final @Nullable Integer found;

  AliasConflictException(
      String model, String alias, @Nullable Integer expected, @Nullable Integer found) {
    super(
        "could not change alias \""
            + alias
            + "\" of model \""
            + model
            + "\": expected it to point to "
            + describe(expected)
            + ", found "
            + describe(found)
            + ". Somebody changed it meanwhile (see Registry.history); look at it and decide again");
    this.model = model;
    this.alias = alias;
    this.expected = expected;
    this.found = found;
  }

  /** The model's name. */
  public String model() {
    return model;
  }

  /** The alias. */
  public String alias() {
    return alias;
  }

  /** The number of the version that was expected; null for none. */
  public @Nullable Integer expected() {
    return expected;
  }

  /** The number of the version it points to; null for none. */
  public @Nullable Integer found() {
    return found;
  }

  private static String describe(@Nullable Integer version) {
    return version == null ? "no version" : "version " + version;
  }
}
