package dev.mlops4j.data;

import org.jspecify.annotations.Nullable;

/**
 * What is wrong at one place of a comma-separated file.
 *
 * @param line the line of the file, from 1, on which the cell or the row begins
 * @param column the column's name, or null if the row as a whole is wrong
 * @param value what the cell holds, shortened if it is long; null if there is none to show or the
 *     column is sensitive
 * @param reason what is wrong and, where it can be said, what would be right
 */
public record CsvProblem(
    long line, @Nullable String column, @Nullable String value, String reason) {

  private static final int LONGEST_VALUE = 60;

  /** Shortens the value. */
  public CsvProblem {
    if (value != null && value.length() > LONGEST_VALUE) {
      value = value.substring(0, LONGEST_VALUE) + "...";
    }
  }

  /** One line: {@code line 3, column "distance", value "abc": not a number}. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("line ").append(line);
    if (column != null) {
      text.append(", column \"").append(column).append('"');
    }
    if (value != null) {
      text.append(", value \"").append(value.replace("\r", "\\r").replace("\n", "\\n"));
      text.append('"');
    }
    return text.append(": ").append(reason).toString();
  }
}
