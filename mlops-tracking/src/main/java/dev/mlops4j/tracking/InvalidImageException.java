package dev.mlops4j.tracking;

import dev.mlops4j.MlopsException;

/** An image was to be logged whose bytes are not of the type that its name says. */
public final class InvalidImageException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String path;

  InvalidImageException(String path, String problem) {
    super("\"" + path + "\" is not logged as an image: " + problem);
    this.path = path;
  }

  /** The path that it was to have. */
  public String path() {
    return path;
  }
}
