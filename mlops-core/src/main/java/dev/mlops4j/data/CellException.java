package dev.mlops4j.data;

/** A cell cannot be read as asked; the message says why, without the value. */
final class CellException extends Exception {

  private static final long serialVersionUID = 1L;

  CellException(String reason) {
    super(reason, null, false, false);
  }
}
