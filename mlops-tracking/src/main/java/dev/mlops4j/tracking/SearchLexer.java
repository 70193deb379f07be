package dev.mlops4j.tracking;

import java.util.Locale;

/** Cuts a text of the search language into tokens, one at a time. */
final class SearchLexer {

  private final String text;
  private int position;

  SearchLexer(String text) {
    this.text = text;
  }

  /** The next token; at the end the same one again and again. */
  Token next() {
    while (position < text.length() && Character.isWhitespace(text.charAt(position))) {
      position++;
    }
    int start = position;
    if (start == text.length()) {
      return token(Form.END, "", "", start);
    }
    char c = text.charAt(start);
    return switch (c) {
      case '(' -> sign(Form.OPEN);
      case ')' -> sign(Form.CLOSE);
      case ',' -> sign(Form.COMMA);
      case '\'', '"' -> token(Form.TEXT, "", quoted(c), start);
      case '`' -> token(Form.NAME, "", quoted(c), start);
      case '=', '<', '>', '!' -> operator(c);
      default -> isNumberStart(c) ? number() : word();
    };
  }

  /** What a token looks like in an error. */
  String shown(Token token) {
    return token.type == Form.END
        ? "the end"
        : SearchSyntaxException.shown(text.substring(token.start, token.end));
  }

  SearchSyntaxException error(int index, String found, String expected) {
    return new SearchSyntaxException(text, index, found, expected);
  }

  private Token token(Form type, String prefix, String value, int start) {
    return new Token(type, prefix, value, start, position);
  }

  private Token sign(Form type) {
    position++;
    return token(type, "", text.substring(position - 1, position), position - 1);
  }

  private Token operator(char c) {
    int start = position++;
    boolean two = c != '=' && (charIs('=') || (c == '<' && charIs('>')));
    if (two) {
      position++;
    }
    String found = text.substring(start, position);
    if (found.equals("!")) {
      throw error(start, "\"!\"", "!= or NOT");
    }
    return token(Form.OPERATOR, "", found.equals("<>") ? "!=" : found, start);
  }

  /** From the quote to the next one that is not doubled. */
  private String quoted(char quote) {
    int start = position++;
    StringBuilder value = new StringBuilder();
    while (position < text.length()) {
      char c = text.charAt(position++);
      if (c == quote && !charIs(quote)) {
        return value.toString();
      }
      position += c == quote ? 1 : 0;
      value.append(c);
    }
    throw error(start, "a text that does not end", "another " + quote + " at its end");
  }

  private static boolean isNumberStart(char c) {
    return isDigit(c) || c == '.' || c == '+' || c == '-';
  }

  /** A number, or its sign before a word such as {@code -inf}. */
  private Token number() {
    int start = position;
    position += charIs('+') || charIs('-') ? 1 : 0;
    if (position < text.length() && Character.isLetter(text.charAt(position))) {
      skipWord();
    } else {
      int digits = skipDigits();
      if (charIs('.')) {
        position++;
        digits += skipDigits();
      }
      boolean bad = digits == 0;
      if (!bad && (charIs('e') || charIs('E'))) {
        position++;
        position += charIs('+') || charIs('-') ? 1 : 0;
        bad = skipDigits() == 0;
      }
      int end = position;
      skipWord();
      if (bad || position > end) {
        position = Math.max(position, start + 1);
        throw error(
            start, SearchSyntaxException.shown(text.substring(start, position)), "a number");
      }
    }
    return token(Form.NUMBER, "", text.substring(start, position), start);
  }

  /** A keyword, an attribute, or a prefix with a dot and a key. */
  private Token word() {
    int start = position;
    skipWord();
    if (position == start) {
      int end = start + Character.charCount(text.codePointAt(start));
      String found = SearchSyntaxException.shown(text.substring(start, end));
      throw error(start, found, SearchParser.FIELDS + ", a sign, a number or a text in quotes");
    }
    String word = text.substring(start, position);
    if (!charIs('.')) {
      return token(Form.WORD, "", word, start);
    }
    position++;
    return token(Form.FIELD, word.toLowerCase(Locale.ROOT), key(), start);
  }

  private String key() {
    if (charIs('`') || charIs('"')) {
      return quoted(text.charAt(position));
    }
    int start = position;
    while (position < text.length() && SearchText.isBare(text.codePointAt(position))) {
      position += Character.charCount(text.codePointAt(position));
    }
    if (position == start) {
      throw error(start, "no key", "a key after the dot, in back-ticks if it has odd characters");
    }
    return text.substring(start, position);
  }

  private void skipWord() {
    while (position < text.length()) {
      int c = text.codePointAt(position);
      if (!Character.isLetterOrDigit(c) && c != '_') {
        return;
      }
      position += Character.charCount(c);
    }
  }

  private int skipDigits() {
    int start = position;
    while (position < text.length() && isDigit(text.charAt(position))) {
      position++;
    }
    return position - start;
  }

  private boolean charIs(char c) {
    return position < text.length() && text.charAt(position) == c;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  enum Form {
    /** A prefix and a key. */
    FIELD,
    WORD,
    /** In single or double quotes. */
    TEXT,
    /** In back-ticks. */
    NAME,
    NUMBER,
    OPERATOR,
    OPEN,
    CLOSE,
    COMMA,
    END
  }

  /**
   * A token.
   *
   * @param prefix what is before the dot of a field, in lower case; else empty
   * @param value what it says, without its quotes
   * @param start where it begins
   * @param end where it has ended
   */
  record Token(Form type, String prefix, String value, int start, int end) {

    boolean is(String keyword) {
      return type == Form.WORD && value.equalsIgnoreCase(keyword);
    }
  }
}
