package dev.mlops4j.pipeline;

import dev.mlops4j.MlopsException;
import java.util.Collection;

/** A step was asked for that the pipeline does not have. */
public final class NoSuchStepException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String step;

  NoSuchStepException(String pipeline, String step, Collection<String> there) {
    super("pipeline \"" + pipeline + "\" has no step \"" + step + "\"; it has " + there);
    this.step = step;
  }

  /** The name that was asked for. */
  public String step() {
    return step;
  }
}
