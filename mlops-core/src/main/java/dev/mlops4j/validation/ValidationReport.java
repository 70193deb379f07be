package dev.mlops4j.validation;

import dev.mlops4j.report.Printable;
import dev.mlops4j.report.TextTable;
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

  /**
   * Whether no expectation failed, be it that it does not hold or that there are too few rows to
   * tell; there may be warnings.
   */
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

  /** The results of which there were too few rows to tell; they are failures or warnings too. */
  public List<ExpectationResult> undecided() {
    return results.stream().filter(result -> result.outcome() == Outcome.NOT_ENOUGH_ROWS).toList();
  }

  /**
   * The text for a terminal: a line that sums up, then a table with a row an expectation. Lines are
   * as wide as they need to be. What is no visible character is written as an escape.
   */
  public String text() {
    return text(Integer.MAX_VALUE);
  }

  /**
   * As {@link #text()}, where the table's cells are wrapped so that no line of it is wider than
   * this many characters, as far as that can be.
   *
   * @throws IllegalArgumentException if {@code width} is not positive
   */
  public String text(int width) {
    TextTable.Builder table =
        TextTable.builder()
            .width(width)
            .left("outcome")
            .left("column")
            .left("expected")
            .left("found");
    for (ExpectationResult result : results) {
      String column = result.column();
      table.row(
          result.verdict(),
          column == null ? "" : Printable.of(column),
          Printable.of(result.asked()),
          Printable.of(result.found()));
    }
    return summary() + "\n" + table.build();
  }

  /**
   * The report as JSON, which {@link #fromJson} reads; the same report gives the same text.
   *
   * <pre>{@code
   * {"format": "mlops4j-validation-report", "version": 1, "name": "flights", "rowCount": 3,
   *  "results": [
   *    {"severity": "FAIL", "column": "distance", "asked": "between 0 and 6000",
   *     "outcome": "VIOLATED", "found": "1 of 3 rows otherwise: row 1 (-5)",
   *     "violations": 1, "firstRows": [1]}]}
   * }</pre>
   *
   * <p>{@code severity} and {@code outcome} are the names of the constants; {@code column} is null
   * where it is null here. What is added later raises the version only if older libraries would
   * misunderstand it.
   */
  public String toJson() {
    return ReportJson.write(this);
  }

  /**
   * The report that {@link #toJson} wrote, in version 1; fields that this library does not know are
   * passed over.
   *
   * @throws CorruptValidationReportException if the text is no such report, or one of a later
   *     version
   */
  public static ValidationReport fromJson(String json) {
    return ReportJson.read(json);
  }

  /**
   * The report as one file of HTML that needs nothing else, the verdict first: to be written in
   * UTF-8, beside {@link #toJson}. Names and values are shown as text, whatever is in them.
   */
  public String toHtml() {
    return ReportPage.of(this);
  }

  /** The same as {@link #text()}. */
  @Override
  public String toString() {
    return text();
  }

  String summary() {
    long held = results.stream().filter(result -> result.outcome() == Outcome.HELD).count();
    int few = undecided().size();
    return Printable.of(name)
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
        + " warnings"
        + (few == 0 ? "" : ", " + few + " of them with too few rows to tell");
  }

  static String lines(List<ExpectationResult> results) {
    return results.stream().map(result -> "\n  " + result).collect(Collectors.joining());
  }
}
