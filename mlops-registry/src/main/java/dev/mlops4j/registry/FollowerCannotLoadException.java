package dev.mlops4j.registry;

import dev.mlops4j.MlopsException;
import java.util.List;

/**
 * A live follower could not load the version that was to come to its stage or alias. Nothing was
 * changed.
 */
public final class FollowerCannotLoadException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String model;
  private final int number;
  private final List<String> followers;

  FollowerCannotLoadException(ModelVersion version, Followed to, List<Refusal> refusals) {
    super(
        version.label()
            + " cannot go to "
            + to
            + ": "
            + String.join("; ", refusals.stream().map(Refusal::toString).toList())
            + ". Deploy code that can load it to these followers first, or force() it");
    this.model = version.model();
    this.number = version.number();
    this.followers = refusals.stream().map(r -> r.follower().name()).toList();
  }

  /** The model's name. */
  public String model() {
    return model;
  }

  /** The number of the version that could not be loaded. */
  public int number() {
    return number;
  }

  /** The names of the followers that could not load it. */
  public List<String> followers() {
    return followers;
  }

  /** Why a follower cannot load a version. */
  record Refusal(FollowerRecord follower, String reason) {

    @Override
    public String toString() {
      return "follower \""
          + follower.name()
          + "\" ("
          + follower.process()
          + ") cannot load it: "
          + reason;
    }
  }
}
