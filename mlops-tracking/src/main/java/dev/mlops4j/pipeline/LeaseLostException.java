package dev.mlops4j.pipeline;

import dev.mlops4j.MlopsException;

/**
 * A firing is not this process's any longer: its lease ran out, as of a process that was suspended,
 * and another process took it over. What is done after that would be done twice.
 */
public final class LeaseLostException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String firingId;

  LeaseLostException(Firing firing) {
    super(
        "firing "
            + firing.id()
            + " was taken over by another process while this one seemed dead (token "
            + firing.token()
            + " is not the last); stop, and leave the rest to that process");
    this.firingId = firing.id();
  }

  /** The firing. */
  public String firingId() {
    return firingId;
  }
}
