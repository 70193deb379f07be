package dev.mlops4j.trees;

/** A model could not be read; nothing else in this package is thrown for what a file contains. */
public abstract sealed class TreeModelException extends RuntimeException
    permits MalformedModelException, UnsupportedModelException {

  TreeModelException(String message) {
    super(message);
  }
}
