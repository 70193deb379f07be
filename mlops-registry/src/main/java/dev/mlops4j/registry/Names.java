package dev.mlops4j.registry;

import java.util.regex.Pattern;

/** The form of names and reasons. */
final class Names {

  private static final int MAX_REASON_LENGTH = 10_000;
  private static final int SHOWN_LENGTH = 60;

  /** What stands unchanged in a file name and in a URL. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

  private Names() {}

  static String checkModel(String model) {
    if (!NAME.matcher(model).matches()) {
      throw new InvalidModelNameException(
          "a model's name cannot be \""
              + shown(model)
              + "\": it has 1 to 128 characters out of A-Z a-z 0-9 . _ - and begins with a letter or"
              + " a digit");
    }
    return model;
  }

  static String checkAlias(String alias) {
    if (!NAME.matcher(alias).matches() || NUMBER.matcher(alias).matches()) {
      throw new InvalidModelNameException(
          "an alias cannot be \""
              + shown(alias)
              + "\": it has 1 to 128 characters out of A-Z a-z 0-9 . _ -, begins with a letter or a"
              + " digit, and is not a number, which would look like a version");
    }
    return alias;
  }

  static String checkTag(String key) {
    if (!NAME.matcher(key).matches()) {
      throw new IllegalArgumentException(
          "the key of a tag cannot be \""
              + shown(key)
              + "\": it has 1 to 128 characters out of A-Z a-z 0-9 . _ - and begins with a letter or"
              + " a digit");
    }
    return key;
  }

  /** Checks the name of a gate that is required: a text of one line. */
  static String checkGate(String name) {
    if (checkText("the name of a gate", name).indexOf('\n') >= 0) {
      throw new IllegalArgumentException(
          "the name of a gate has one line, found \"" + shown(name) + "\"");
    }
    return name;
  }

  /** As {@link #checkText}, and may be empty. */
  static String checkOptionalText(String what, String text) {
    return text.isEmpty() ? text : checkText(what, text);
  }

  /** Whether a text has no half of a surrogate pair, which would be stored as a question mark. */
  static boolean isUnicode(String text) {
    return text.codePoints()
        .noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }

  /** Checks a reason or who acts: {@code what} says which. */
  static String checkText(String what, String text) {
    if (text.isBlank() || text.length() > MAX_REASON_LENGTH) {
      throw new IllegalArgumentException(
          what + " has 1 to " + MAX_REASON_LENGTH + " characters, found \"" + shown(text) + "\"");
    }
    if (!isUnicode(text)) {
      throw new IllegalArgumentException(
          what
              + " is no Unicode text: it has half of a surrogate pair, and would be stored as \"?\"");
    }
    if (text.chars().anyMatch(c -> Character.isISOControl(c) && c != '\n' && c != '\t')) {
      throw new IllegalArgumentException(
          what
              + " has a control character, which would move the cursor of whoever reads it, found \""
              + shown(text)
              + "\"");
    }
    return text;
  }

  private static String shown(String name) {
    String visible = name.length() > SHOWN_LENGTH ? name.substring(0, SHOWN_LENGTH) + "..." : name;
    return visible.replaceAll("\\p{Cntrl}", "?");
  }
}
