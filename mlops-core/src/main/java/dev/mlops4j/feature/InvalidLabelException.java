package dev.mlops4j.feature;

import dev.mlops4j.MlopsException;

/** A label is none that a model can be trained on. */
public class InvalidLabelException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String target;

  /** Creates an exception for this target; the message does not need to name it again. */
  public InvalidLabelException(String target, String message) {
    super("target \"" + target + "\": " + message);
    this.target = target;
  }

  /** The name of the target. */
  public String target() {
    return target;
  }
}
