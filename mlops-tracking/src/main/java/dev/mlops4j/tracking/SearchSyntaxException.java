package dev.mlops4j.tracking;

import dev.mlops4j.MlopsException;

/**
 * A text of the search language cannot be read. The message says what was found and what was
 * expected, and shows the place:
 *
 * <pre>
 * cannot read the search at column 15: found "and", expected a number
 *   metrics.auc &gt; and params.depth = '6'
 *                 ^
 * </pre>
 */
public final class SearchSyntaxException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private static final int SHOWN_LENGTH = 40;
  private static final int SHOWN_BEFORE = 60;
  private static final int SHOWN_AFTER = 40;

  private final String text;
  private final int column;
  private final String found;
  private final String expected;

  SearchSyntaxException(String text, int index, String found, String expected) {
    super(
        "cannot read the search at column "
            + (index + 1)
            + ": found "
            + found
            + ", expected "
            + expected
            + "\n"
            + pointer(text, index));
    this.text = text;
    this.column = index + 1;
    this.found = found;
    this.expected = expected;
  }

  /** The text that was given. */
  public String text() {
    return text;
  }

  /** Where it stops making sense: 1 is the first {@code char}; one past the last for its end. */
  public int column() {
    return column;
  }

  /** What is there, cut if it is long. */
  public String found() {
    return found;
  }

  /** What may be there. */
  public String expected() {
    return expected;
  }

  /** In quotes, on one line, cut if it is long. */
  static String shown(String text) {
    String visible = text.length() > SHOWN_LENGTH ? text.substring(0, SHOWN_LENGTH) + "..." : text;
    return '"' + oneLine(visible) + '"';
  }

  /** The text around the place, and a caret below the place. */
  private static String pointer(String text, int index) {
    int from = Math.max(0, index - SHOWN_BEFORE);
    int to = Math.min(text.length(), index + SHOWN_AFTER);
    String before = (from > 0 ? "..." : "") + text.substring(from, index);
    String after = text.substring(index, to) + (to < text.length() ? "..." : "");
    int width = before.codePointCount(0, before.length());
    return "  " + oneLine(before + after) + "\n  " + " ".repeat(width) + "^";
  }

  private static String oneLine(String text) {
    return text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]", " ");
  }
}
