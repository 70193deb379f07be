package dev.mlops4j.data;

import java.util.ArrayList;
import java.util.List;

/**
 * A statement with the named places {@code :from} and {@code :to}, put as JDBC wants it: a question
 * mark for each. What is quoted or a comment is left as it is.
 */
final class JdbcSql {

  static final String FROM = "from";
  static final String TO = "to";

  private final String text;
  private final StringBuilder positional = new StringBuilder();
  private final List<String> places = new ArrayList<>();
  private int at;

  private JdbcSql(String text) {
    this.text = text;
  }

  static JdbcSql of(String text) {
    JdbcSql sql = new JdbcSql(text);
    sql.scan();
    return sql;
  }

  /** The statement with question marks. */
  String positional() {
    return positional.toString();
  }

  /** The name of each question mark's place, in order. */
  List<String> places() {
    return List.copyOf(places);
  }

  private void scan() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (c == '\'') {
        copyTo(endOfQuoted(c, isEscaped()));
      } else if (c == '"' || c == '`') {
        copyTo(endOfQuoted(c, false));
      } else if (text.startsWith("--", at)) {
        copyTo(endOf("\n", at));
      } else if (text.startsWith("/*", at)) {
        copyTo(endOfComment());
      } else if (c == '$' && !followsName(at)) {
        copyTo(endOfDollarQuoted());
      } else if (text.startsWith("::", at) || text.startsWith("??", at)) {
        copyTo(at + 2);
      } else if (c == ':' && isPlace()) {
        place();
      } else if (c == '?') {
        throw new IllegalArgumentException(
            "nothing fills the place ? at character "
                + at
                + " of the statement; write :from or :to, and ?? for an operator of that sign");
      } else {
        copyTo(at + 1);
      }
    }
  }

  private void place() {
    int end = at + 1;
    while (end < text.length() && isNamePart(text.charAt(end))) {
      end++;
    }
    String name = text.substring(at + 1, end);
    if (!name.equals(FROM) && !name.equals(TO)) {
      throw new IllegalArgumentException(
          "nothing fills the place :"
              + name
              + " at character "
              + at
              + " of the statement; there are :from and :to");
    }
    places.add(name);
    positional.append('?');
    at = end;
  }

  /** {@code a:b} is a path and {@code [1:b]} a slice in some databases, {@code a :b} is a place. */
  private boolean isPlace() {
    int next = at + 1;
    return next < text.length()
        && (Character.isLetter(text.charAt(next)) || text.charAt(next) == '_')
        && !followsName(at)
        && (at == 0 || "'\"`)]".indexOf(text.charAt(at - 1)) < 0);
  }

  /** Whether the text beginning here is a PostgreSQL one in which a backslash escapes. */
  private boolean isEscaped() {
    return at > 0 && (text.charAt(at - 1) | 0x20) == 'e' && !followsName(at - 1);
  }

  private int endOfQuoted(char quote, boolean backslashes) {
    for (int i = at + 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (backslashes && c == '\\') {
        i++;
      } else if (c == quote && i + 1 < text.length() && text.charAt(i + 1) == quote) {
        i++;
      } else if (c == quote) {
        return i + 1;
      }
    }
    return text.length();
  }

  /** Comments nest in PostgreSQL and DuckDB. */
  private int endOfComment() {
    int depth = 0;
    for (int i = at; i < text.length(); i++) {
      if (text.startsWith("/*", i)) {
        depth++;
        i++;
      } else if (text.startsWith("*/", i)) {
        depth--;
        i++;
        if (depth == 0) {
          return i + 1;
        }
      }
    }
    return text.length();
  }

  private int endOfDollarQuoted() {
    int end = at + 1;
    while (end < text.length() && isNamePart(text.charAt(end)) && text.charAt(end) != '$') {
      end++;
    }
    boolean quotes =
        end < text.length()
            && text.charAt(end) == '$'
            && !(end > at + 1 && Character.isDigit(text.charAt(at + 1)));
    return quotes ? endOf(text.substring(at, end + 1), end + 1) : at + 1;
  }

  private int endOf(String mark, int from) {
    int found = text.indexOf(mark, from);
    return found < 0 ? text.length() : found + mark.length();
  }

  private void copyTo(int end) {
    positional.append(text, at, end);
    at = end;
  }

  private boolean followsName(int position) {
    return position > 0 && isNamePart(text.charAt(position - 1));
  }

  private static boolean isNamePart(char c) {
    return Character.isLetterOrDigit(c) || c == '_' || c == '$';
  }
}
