package dev.mlops4j.workspace;

import dev.mlops4j.Digest;
import dev.mlops4j.MlopsException;

/** The bytes kept under a digest are not those that were put: truncated, or altered. */
public class CorruptArtifactException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final Digest digest;

  /** Creates an exception for the artifact; the message says what was expected and found. */
  public CorruptArtifactException(Digest digest, String message) {
    super(message);
    this.digest = digest;
  }

  /** The artifact that was asked for. */
  public Digest digest() {
    return digest;
  }
}
