package dev.mlops4j.validation;

/** How bad it is when an expectation does not hold. */
public enum Severity {
  /** It is reported. */
  WARN,
  /** It is reported, and {@link ValidationReport#orThrow()} throws. */
  FAIL
}
