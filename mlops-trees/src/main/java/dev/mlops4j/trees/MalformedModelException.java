package dev.mlops4j.trees;

/** A file is not what its format asks for: cut off, damaged, or never a model. */
public final class MalformedModelException extends TreeModelException {

  private final long position;

  MalformedModelException(String message, long position) {
    super(message + " (at byte " + position + ")");
    this.position = position;
  }

  /** Returns how many bytes of the file had been read when the problem was seen. */
  public long position() {
    return position;
  }
}
