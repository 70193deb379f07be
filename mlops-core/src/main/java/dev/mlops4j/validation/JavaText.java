package dev.mlops4j.validation;

/** Values as literals of Java, in ASCII. */
final class JavaText {

  private static final int GROUP = 3;

  private JavaText() {}

  static String of(String text) {
    StringBuilder literal = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      switch (unit) {
        case '"' -> literal.append("\\\"");
        case '\\' -> literal.append("\\\\");
        case '\n' -> literal.append("\\n");
        case '\r' -> literal.append("\\r");
        case '\t' -> literal.append("\\t");
        default -> append(literal, unit);
      }
    }
    return literal.append('"').toString();
  }

  /** No line end and no quote gets here: as a Unicode escape either would end the literal. */
  private static void append(StringBuilder literal, char unit) {
    if (unit >= ' ' && unit < 0x7f) {
      literal.append(unit);
    } else {
      literal.append(String.format("\\u%04x", (int) unit));
    }
  }

  static String of(double number) {
    if (Double.isInfinite(number)) {
      return number > 0 ? "Double.POSITIVE_INFINITY" : "Double.NEGATIVE_INFINITY";
    }
    boolean whole = number == Math.rint(number) && Math.abs(number) <= Integer.MAX_VALUE;
    return whole ? of((int) number) : Double.toString(number);
  }

  /** With an underscore between thousands. */
  static String of(int number) {
    String digits = Integer.toString(Math.abs(number));
    StringBuilder grouped = new StringBuilder();
    for (int i = 0; i < digits.length(); i++) {
      if (i > 0 && (digits.length() - i) % GROUP == 0) {
        grouped.append('_');
      }
      grouped.append(digits.charAt(i));
    }
    return (number < 0 ? "-" : "") + grouped;
  }
}
