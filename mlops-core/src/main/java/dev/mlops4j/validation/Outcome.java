package dev.mlops4j.validation;

/** What became of an expectation. */
public enum Outcome {
  /** The data are as expected. */
  HELD,
  /** The data are not as expected. */
  VIOLATED,
  /**
   * There are too few rows to tell. It counts as a failure or a warning like a violation: what has
   * not been seen to hold does not pass.
   */
  NOT_ENOUGH_ROWS,
  /** The column does not exist, which is reported as a violation of its own. */
  NOT_CHECKED
}
