package dev.mlops4j.workspace;

import dev.mlops4j.MlopsException;

/** A path in a tree of artifacts that would not mean the same file, inside the tree, everywhere. */
public class InvalidArtifactPathException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String path;

  /** Creates an exception for the path; the message says what is wrong with it. */
  public InvalidArtifactPathException(String path, String message) {
    super(message);
    this.path = path;
  }

  /** The path that was refused. */
  public String path() {
    return path;
  }
}
