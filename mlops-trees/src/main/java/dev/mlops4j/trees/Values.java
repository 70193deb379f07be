package dev.mlops4j.trees;

import org.jspecify.annotations.Nullable;

/**
 * Walks over the values of a JSON or UBJSON document, one after another, without building a tree of
 * them.
 *
 * <p>Every method takes the value that is next; if that is of another kind, or the document is
 * damaged, it throws {@link MalformedModelException}. A number may be asked for as text and text as
 * a number, because XGBoost writes its parameters as text.
 */
interface Values {

  /** What kind a value is, or that the array or object it was expected in has ended. */
  enum Kind {
    OBJECT,
    ARRAY,
    TEXT,
    NUMBER,
    LITERAL,
    END
  }

  /** Deeper documents are refused; XGBoost's are less than ten deep. */
  int DEEPEST = 64;

  /** Looks at the next value, without taking it. */
  Kind peek();

  void beginObject();

  /** Takes the next key of the object that was begun, or its end, and then returns null. */
  @Nullable String nextKey();

  void beginArray();

  /** Whether the array that was begun has another value; takes its end if not. */
  boolean hasNext();

  /** Takes a number that is an integer, text of one, or a literal: true is 1, false is 0. */
  int nextInt();

  /** Takes a number or text of one, rounded once to a float. */
  float nextFloat();

  /** Takes text, or a number as the document has it. */
  String nextText();

  /** Takes and forgets text or a number. */
  default void skipText() {
    nextText();
  }

  /** Takes a literal: true, false or null. */
  void nextLiteral();

  /** Takes all integers of an array. */
  default int[] nextInts() {
    Ints ints = new Ints();
    beginArray();
    while (hasNext()) {
      ints.add(nextInt());
    }
    return ints.toArray();
  }

  /** Takes all numbers of an array, each rounded once to a float. */
  default float[] nextFloats() {
    Floats floats = new Floats();
    beginArray();
    while (hasNext()) {
      floats.add(nextFloat());
    }
    return floats.toArray();
  }

  /** Returns how many bytes were read. */
  long position();

  /** Takes and forgets a value of any kind. */
  default void skip() {
    switch (peek()) {
      case OBJECT -> {
        beginObject();
        while (nextKey() != null) {
          skip();
        }
      }
      case ARRAY -> {
        beginArray();
        while (hasNext()) {
          skip();
        }
      }
      case TEXT, NUMBER -> skipText();
      case LITERAL -> nextLiteral();
      case END -> throw malformed("A value is missing");
    }
  }

  default MalformedModelException malformed(String message) {
    return new MalformedModelException(message, position());
  }

  /** Parses an integer as these documents have it in text. */
  default int parseInt(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw malformed("Expected an integer, found '" + Excerpt.of(text) + "'");
    }
  }

  /** Parses a number as these documents have it in text. */
  default float parseFloat(String text) {
    try {
      return Float.parseFloat(text);
    } catch (NumberFormatException e) {
      return switch (text) {
        case "inf", "+inf" -> Float.POSITIVE_INFINITY;
        case "-inf" -> Float.NEGATIVE_INFINITY;
        case "nan", "-nan" -> Float.NaN;
        default -> throw malformed("Expected a number, found '" + Excerpt.of(text) + "'");
      };
    }
  }
}
