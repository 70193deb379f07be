package dev.mlops4j.validation;

import java.util.List;
import java.util.stream.Collectors;

/**
 * What became of every expectation. Holds no value of a sensitive column.
 *
 * @param name the name of the expectations
 * @param rowCount how many rows the data have
 * @param results one an expectation, first whether the columns are there, then in the order in
 *     which they were added
 */
public record ValidationReport(String name, int rowCount, List<ExpectationResult> results) {

  /** Copies the results. */
  public ValidationReport {
    results = List.copyOf(results);
  }

  /** Whether no expectation failed; there may be warnings. */
  public boolean passed() {
    return failures().isEmpty();
  }

  /** The results that are failures. */
  public List<ExpectationResult> failures() {
    return results.stream().filter(ExpectationResult::isFailure).toList();
  }

  /** The results that are warnings. */
  public List<ExpectationResult> warnings() {
    return results.stream().filter(ExpectationResult::isWarning).toList();
  }

  /**
   * This report, if it passed.
   *
   * @throws ExpectationsFailedException if it did not; the message lists all failures
   */
  public ValidationReport orThrow() {
    if (!passed()) {
      throw new ExpectationsFailedException(this);
    }
    return this;
  }

  /** The text: a line that sums up, then a line an expectation. */
  public String text() {
    return summary() + lines(results);
  }

  /** The same as {@link #text()}. */
  @Override
  public String toString() {
    return text();
  }

  String summary() {
    long held = results.stream().filter(result -> result.outcome() == Outcome.HELD).count();
    return name
        + ": "
        + held
        + " of "
        + results.size()
        + " expectations hold for "
        + rowCount
        + " rows, "
        + failures().size()
        + " failed, "
        + warnings().size()
        + " warnings";
  }

  static String lines(List<ExpectationResult> results) {
    return results.stream().map(result -> "\n  " + result).collect(Collectors.joining());
  }
}
