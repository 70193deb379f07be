package dev.mlops4j.trees;

/**
 * A model is well formed, as far as it was read, but asks for something that this library does not
 * compute. The message names it and says what to do instead.
 */
public final class UnsupportedModelException extends TreeModelException {

  UnsupportedModelException(String message) {
    super(message);
  }
}
