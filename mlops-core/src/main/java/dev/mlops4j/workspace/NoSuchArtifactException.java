package dev.mlops4j.workspace;

import dev.mlops4j.Digest;
import dev.mlops4j.MlopsException;

/** An artifact that was asked for is not in the store. */
public class NoSuchArtifactException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final Digest digest;

  /**
   * Creates an exception.
   *
   * @param where the store, as people know it
   */
  public NoSuchArtifactException(Digest digest, String where) {
    super(
        "there is no artifact "
            + digest
            + " in "
            + where
            + "; it was put into another store, or its file was deleted");
    this.digest = digest;
  }

  /** What was asked for. */
  public Digest digest() {
    return digest;
  }
}
