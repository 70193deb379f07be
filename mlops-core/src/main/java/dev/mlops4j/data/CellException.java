package dev.mlops4j.data;

/** A cell cannot be read as asked; says why, without the value. */
final class CellException extends Exception {

  private static final long serialVersionUID = 1L;

  private final String reason;

  CellException(String reason) {
    super(reason, null, false, false);
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
