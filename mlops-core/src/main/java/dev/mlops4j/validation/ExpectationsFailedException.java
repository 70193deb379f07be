package dev.mlops4j.validation;

import dev.mlops4j.MlopsException;

/** Data are not as expected. The message lists all failures. */
public final class ExpectationsFailedException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final transient ValidationReport report;

  ExpectationsFailedException(ValidationReport report) {
    super(
        report.summary()
            + ValidationReport.lines(report.failures())
            + "\n  Mend the data, or the expectations if the world has changed.");
    this.report = report;
  }

  /** What became of every expectation, those that hold included. */
  public ValidationReport report() {
    return report;
  }
}
