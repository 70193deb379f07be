package dev.mlops4j.tracking;

import dev.mlops4j.MlopsException;

/** A param was given a second value. Params are write-once: the stored value stays. */
public final class ParamConflictException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String runId;
  private final String key;
  private final String stored;
  private final String given;

  /** Creates the exception with the value that is stored and the one that was given. */
  public ParamConflictException(String runId, String key, String stored, String given) {
    super(
        "param \""
            + key
            + "\" of run "
            + runId
            + " is \""
            + stored
            + "\" and cannot become \""
            + given
            + "\": params are write-once. Use another key, a tag, or another run");
    this.runId = runId;
    this.key = key;
    this.stored = stored;
    this.given = given;
  }

  /** The run's id. */
  public String runId() {
    return runId;
  }

  /** The param's key. */
  public String key() {
    return key;
  }

  /** The value that is stored. */
  public String stored() {
    return stored;
  }

  /** The value that was refused. */
  public String given() {
    return given;
  }
}
