package dev.mlops4j.validation;

import dev.mlops4j.report.Printable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one expectation asked and what was found. Holds no value of a sensitive column.
 *
 * @param severity how bad a violation is
 * @param column the column, or null if the expectation is about the dataset or several columns
 * @param asked what was expected, in words
 * @param outcome whether it holds
 * @param found what the data show, in words; empty if there is nothing to say
 * @param violations how many rows violate it; 0 if it is not about single rows
 * @param firstRows the first of these rows, by position from 0, at most {@value #MOST_ROWS}
 */
public record ExpectationResult(
    Severity severity,
    @Nullable String column,
    String asked,
    Outcome outcome,
    String found,
    int violations,
    List<Integer> firstRows) {

  /** How many violating rows are named. */
  public static final int MOST_ROWS = 5;

  /** Copies the rows. */
  public ExpectationResult {
    firstRows = List.copyOf(firstRows);
  }

  /** Whether it does not hold, or there are too few rows to tell, and that is a failure. */
  public boolean isFailure() {
    return isMissed() && severity == Severity.FAIL;
  }

  /** Whether it does not hold, or there are too few rows to tell, and that is a warning. */
  public boolean isWarning() {
    return isMissed() && severity == Severity.WARN;
  }

  private boolean isMissed() {
    return outcome == Outcome.VIOLATED || outcome == Outcome.NOT_ENOUGH_ROWS;
  }

  /**
   * The outcome in short: {@code ok}, {@code FAIL} or {@code WARN}, with {@code (few)} if there are
   * too few rows to tell, and {@code -} if it was not checked.
   */
  String verdict() {
    return switch (outcome) {
      case HELD -> "ok";
      case VIOLATED -> severity.name();
      case NOT_ENOUGH_ROWS -> severity.name() + " (few)";
      case NOT_CHECKED -> "-";
    };
  }

  /**
   * One line: outcome, column, what was asked, what was found. What is no visible character is
   * written as an escape.
   */
  @Override
  public String toString() {
    StringBuilder line = new StringBuilder();
    line.append(String.format("%-6s", verdict()));
    line.append(outcome == Outcome.NOT_ENOUGH_ROWS ? "  " : "");
    if (column != null) {
      line.append(column).append(": ");
    }
    line.append(asked);
    if (!found.isEmpty()) {
      line.append("; found ").append(found);
    }
    return Printable.of(line.toString());
  }
}
