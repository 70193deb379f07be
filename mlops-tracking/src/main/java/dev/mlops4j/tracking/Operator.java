package dev.mlops4j.tracking;

/** How two values are compared. */
public enum Operator {
  /** The same. */
  EQUAL("="),
  /** Not the same. */
  NOT_EQUAL("!="),
  /** The run's is less. */
  LESS("<"),
  /** The run's is less or the same. */
  AT_MOST("<="),
  /** The run's is greater. */
  GREATER(">"),
  /** The run's is greater or the same. */
  AT_LEAST(">=");

  private final String sign;

  Operator(String sign) {
    this.sign = sign;
  }

  /** As it is written in the text language. */
  @Override
  public String toString() {
    return sign;
  }

  boolean isOrder() {
    return this != EQUAL && this != NOT_EQUAL;
  }
}
