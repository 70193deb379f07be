package dev.mlops4j.validation;

import dev.mlops4j.data.Column;
import dev.mlops4j.report.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** What a check found in the data. */
record Finding(Outcome outcome, String found, int violations, List<Integer> firstRows) {

  private static final int LONGEST_VALUE = 40;

  static Finding of(boolean holds, String found) {
    return new Finding(holds ? Outcome.HELD : Outcome.VIOLATED, found, 0, List.of());
  }

  /** Too few rows to tell. */
  static Finding tooFew(String found) {
    return new Finding(Outcome.NOT_ENOUGH_ROWS, "too few to tell: " + found, 0, List.of());
  }

  /**
   * Looks at every row.
   *
   * @param shown the column whose values of violating rows may be shown, or null if none may
   */
  static Finding ofRows(int rowCount, IntPredicate violates, @Nullable Column shown) {
    int violations = 0;
    List<Integer> first = new ArrayList<>();
    StringBuilder rows = new StringBuilder();
    for (int row = 0; row < rowCount; row++) {
      if (violates.test(row)) {
        violations++;
        if (first.size() < ExpectationResult.MOST_ROWS) {
          first.add(row);
          rows.append(rows.isEmpty() ? "row " : ", row ").append(row);
          if (shown != null) {
            rows.append(" (").append(shorten(String.valueOf(shown.get(row)))).append(')');
          }
        }
      }
    }
    if (violations == 0) {
      return new Finding(Outcome.HELD, "", 0, List.of());
    }
    return new Finding(
        Outcome.VIOLATED,
        violations
            + " of "
            + rowCount
            + " rows otherwise: "
            + rows
            + (violations > first.size() ? ", ..." : ""),
        violations,
        first);
  }

  /** A share to four digits after the point. */
  static String rounded(double share) {
    return String.format(Locale.ROOT, "%.4f", share);
  }

  /** A number as people write it: whole ones without a point. */
  static String plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15
        ? String.valueOf((long) number)
        : String.valueOf(number);
  }

  private static String shorten(String value) {
    if (value.length() <= LONGEST_VALUE) {
      return Printable.of(value);
    }
    boolean inPair = Character.isHighSurrogate(value.charAt(LONGEST_VALUE - 1));
    return Printable.of(value.substring(0, inPair ? LONGEST_VALUE - 1 : LONGEST_VALUE)) + "...";
  }
}
