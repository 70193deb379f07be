package dev.mlops4j.report;

/** Text from data as text of HTML, also within an attribute in double quotes. */
final class Html {

  private Html() {}

  static String text(String data) {
    StringBuilder escaped = new StringBuilder();
    Printable.of(data)
        .codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(c);
              }
            });
    return escaped.toString();
  }
}
