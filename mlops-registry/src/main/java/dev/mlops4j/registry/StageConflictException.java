package dev.mlops4j.registry;

import dev.mlops4j.MlopsException;
import org.jspecify.annotations.Nullable;

/** A stage does not hold the version that the caller expected there. Nothing was changed. */
public final class StageConflictException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String model;
  private final Stage stage;
  private final @Nullable Integer expected;
  private final @Nullable Integer found;

  private StageConflictException(
      String what, String model, Stage stage, @Nullable Integer expected, @Nullable Integer found) {
    super(
        "could not "
            + what
            + ": expected "
            + describe(expected)
            + " in "
            + stage
            + ", found "
            + describe(found)
            + ". Somebody changed it meanwhile (see Registry.history); look at it and decide again");
    this.model = model;
    this.stage = stage;
    this.expected = expected;
    this.found = found;
  }

  static StageConflictException promotion(
      ModelVersion asked,
      Stage stage,
      @Nullable ModelVersion expected,
      @Nullable ModelVersion found) {
    return new StageConflictException(
        "promote " + asked.label(), asked.model(), stage, number(expected), number(found));
  }

  static StageConflictException rollback(
      String model, @Nullable ModelVersion expected, @Nullable ModelVersion found) {
    return new StageConflictException(
        "roll back model \"" + model + "\"",
        model,
        Stage.PRODUCTION,
        number(expected),
        number(found));
  }

  private static @Nullable Integer number(@Nullable ModelVersion version) {
    return version == null ? null : version.number();
  }

  /** The model's name. */
  public String model() {
    return model;
  }

  /** The stage. */
  public Stage stage() {
    return stage;
  }

  /** The number of the version that was expected; null for none. */
  public @Nullable Integer expected() {
    return expected;
  }

  /** The number of the version that is there; null for none. */
  public @Nullable Integer found() {
    return found;
  }

  private static String describe(@Nullable Integer version) {
    return version == null ? "no version" : "version " + version;
  }
}
