package dev.mlops4j.registry;

import dev.mlops4j.MlopsException;
import java.util.List;

/** A version did not pass the gates of a promotion, or lacks some. Nothing was changed. */
public final class GatesFailedException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String model;
  private final int number;
  private final transient List<Failure> failures;

  GatesFailedException(ModelVersion version, Stage stage, List<Failure> failures) {
    super(
        version.label()
            + " cannot go to "
            + stage
            + ": "
            + String.join("; ", failures.stream().map(Failure::toString).toList())
            + ". Put this right, or override it with a reason");
    this.model = version.model();
    this.number = version.number();
    this.failures = List.copyOf(failures);
  }

  /** The model's name. */
  public String model() {
    return model;
  }

  /** The number of the version that did not pass. */
  public int number() {
    return number;
  }

  /**
   * All that failed, in the order of the gates; then those that the model requires and that were
   * not asked; a live follower that cannot load it comes last.
   */
  public List<Failure> failures() {
    return failures;
  }

  /**
   * A gate that was not passed, or not asked though the model requires it.
   *
   * @param gate the gate's name; {@code followers} for a live follower that cannot load the version
   * @param why what was asked and what was found
   */
  public record Failure(String gate, String why) {

    /** For people and the history: {@code size: ...}. */
    @Override
    public String toString() {
      return gate + ": " + why;
    }
  }
}
