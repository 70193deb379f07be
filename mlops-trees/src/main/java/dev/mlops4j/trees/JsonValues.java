package dev.mlops4j.trees;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/**
 * Values of a JSON document (RFC 8259), with the NaN and Infinity that XGBoost writes besides.
 *
 * <p>Commas are taken as white space is: a document with one too many is read all the same.
 */
final class JsonValues implements Values {

  private final byte[] bytes;
  private int at;
  private int depth;

  JsonValues(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public long position() {
    return at;
  }

  @Override
  public Kind peek() {
    return switch (look()) {
      case '{' -> Kind.OBJECT;
      case '[' -> Kind.ARRAY;
      case '"' -> Kind.TEXT;
      case '}', ']' -> Kind.END;
      case 't', 'f', 'n' -> Kind.LITERAL;
      default -> Kind.NUMBER;
    };
  }

  @Override
  public void beginObject() {
    begin('{');
  }

  @Override
  public @Nullable String nextKey() {
    if (look() == '}') {
      at++;
      depth--;
      return null;
    }
    String key = text();
    expect(':');
    return key;
  }

  @Override
  public void beginArray() {
    begin('[');
  }

  @Override
  public boolean hasNext() {
    if (look() != ']') {
      return true;
    }
    at++;
    depth--;
    return false;
  }

  @Override
  public int nextInt() {
    if (peek() == Kind.LITERAL) {
      return literal().equals("true") ? 1 : 0;
    }
    return parseInt(nextText());
  }

  @Override
  public float nextFloat() {
    return parseFloat(nextText());
  }

  @Override
  public String nextText() {
    return look() == '"' ? text() : number();
  }

  @Override
  public void nextLiteral() {
    literal();
  }

  private void begin(char opening) {
    expect(opening);
    if (++depth > DEEPEST) {
      throw malformed("Values are nested more than " + DEEPEST + " deep");
    }
  }

  /** Returns the next byte that is neither white space nor a comma, without taking it. */
  private int look() {
    while (at < bytes.length) {
      int next = bytes[at];
      if (next != ' ' && next != '\n' && next != '\r' && next != '\t' && next != ',') {
        return next;
      }
      at++;
    }
    throw malformed("The file ends too early");
  }

  private void expect(char expected) {
    int found = look();
    if (found != expected) {
      throw malformed("Expected '%c', found '%c'".formatted(expected, printable(found)));
    }
    at++;
  }

  private String number() {
    look();
    int start = at;
    while (at < bytes.length && isOfNumber(bytes[at])) {
      at++;
    }
    if (at == start) {
      throw malformed("Expected a number, found '%c'".formatted(printable(bytes[at])));
    }
    return new String(bytes, start, at - start, UTF_8);
  }

  private static boolean isOfNumber(int c) {
    return (c >= '0' && c <= '9')
        || (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || c == '-'
        || c == '+'
        || c == '.';
  }

  private String literal() {
    String word = number();
    if (!word.equals("true") && !word.equals("false") && !word.equals("null")) {
      throw malformed("Expected true, false or null, found '" + Excerpt.of(word) + "'");
    }
    return word;
  }

  private String text() {
    expect('"');
    int start = at;
    while (at < bytes.length && bytes[at] != '"') {
      if (bytes[at] == '\\') {
        return escapedText(start);
      }
      at++;
    }
    String text = new String(bytes, start, at - start, UTF_8);
    expect('"');
    return text;
  }

  private String escapedText(int start) {
    StringBuilder text = new StringBuilder();
    int plain = start;
    while (at < bytes.length && bytes[at] != '"') {
      if (bytes[at] == '\\') {
        text.append(new String(bytes, plain, at - plain, UTF_8));
        at++;
        text.append(escaped());
        plain = at;
      } else {
        at++;
      }
    }
    text.append(new String(bytes, plain, at - plain, UTF_8));
    expect('"');
    return text.toString();
  }

  private char escaped() {
    int code = at < bytes.length ? bytes[at++] : -1;
    return switch (code) {
      case '"', '\\', '/' -> (char) code;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> unicode();
      default -> throw malformed("A text has an unknown escape");
    };
  }

  private char unicode() {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = at < bytes.length ? Character.digit(bytes[at++], 16) : -1;
      if (digit < 0) {
        throw malformed("A text has an escape \\u without four hexadecimal digits");
      }
      code = code * 16 + digit;
    }
    return (char) code;
  }

  private static char printable(int found) {
    return found > ' ' && found < 127 ? (char) found : '?';
  }
}
