package dev.mlops4j.report;

/**
 * Text from data as one line that moves no cursor and reorders nothing: what is not a visible
 * character or a blank is written as an escape of Java. Text that is already so stays as it is.
 */
public final class Printable {

  private Printable() {}

  /** The text with an escape such as {@code \\u001b} for what is not plain. */
  public static String of(String text) {
    if (text.codePoints().allMatch(Printable::isPlain)) {
      return text;
    }
    StringBuilder plain = new StringBuilder();
    text.codePoints().forEach(codePoint -> append(plain, codePoint));
    return plain.toString();
  }

  private static void append(StringBuilder plain, int codePoint) {
    if (isPlain(codePoint)) {
      plain.appendCodePoint(codePoint);
      return;
    }
    for (char unit : Character.toChars(codePoint)) {
      plain.append(String.format("\\u%04x", (int) unit));
    }
  }

  /**
   * Formats hide or reorder what stands beside them; a surrogate without its other half is none.
   */
  private static boolean isPlain(int codePoint) {
    return switch (Character.getType(codePoint)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR,
          Character.SURROGATE ->
          false;
      default -> true;
    };
  }
}
