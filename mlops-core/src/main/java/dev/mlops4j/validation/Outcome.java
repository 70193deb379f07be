package dev.mlops4j.validation;

/** What became of an expectation. */
public enum Outcome {
  /** The data are as expected. */
  HELD,
  /** The data are not as expected. */
  VIOLATED,
  /** The column does not exist, which is reported as a violation of its own. */
  NOT_CHECKED
}
