package dev.mlops4j.benchmarks;

/** A side answers something else than it must, so its speed means nothing. */
public final class DisagreementException extends RuntimeException {

  /** Says who, about what, and by how much. */
  public DisagreementException(String message) {
    super(message);
  }
}
