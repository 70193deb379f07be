package dev.mlops4j.pipeline;

import dev.mlops4j.MlopsException;
import java.time.Duration;

/** A step took longer than its timeout. Its thread was interrupted and has returned. */
public final class StepTimeoutException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String step;

  /** Creates the exception. */
  public StepTimeoutException(String step, Duration timeout) {
    super("step \"" + step + "\" took longer than its timeout of " + timeout);
    this.step = step;
  }

  /** The name of the step. */
  public String step() {
    return step;
  }
}
