package dev.mlops4j.tracking;

import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.workspace.Artifacts;
import java.util.Map;

/** The form of experiments, run names, keys, values and artifact paths. */
final class Names {

  static final int MAX_NAME_LENGTH = 255;
  static final int MAX_VALUE_LENGTH = 65_536;
  private static final int SHOWN_LENGTH = 60;

  private Names() {}

  /** Checks an experiment, a run's name, a key or a role; {@code what} says which. */
  static String checkName(String what, String name) {
    if (name.isBlank() || name.length() > MAX_NAME_LENGTH || hasControl(name) || !isUnicode(name)) {
      throw new InvalidNameException(
          what
              + " \""
              + shown(name)
              + "\" ("
              + name.length()
              + " characters) is not accepted: it needs 1 to "
              + MAX_NAME_LENGTH
              + " characters, not all blank and none of them a control character or half of a"
              + " surrogate pair");
    }
    return name;
  }

  static void checkEntries(String what, Map<String, String> entries) {
    entries.forEach(
        (key, value) -> {
          checkName(what, key);
          if (value.length() > MAX_VALUE_LENGTH) {
            throw new InvalidNameException(
                "the value of "
                    + what
                    + " \""
                    + key
                    + "\" has "
                    + value.length()
                    + " characters, at most "
                    + MAX_VALUE_LENGTH
                    + " are accepted: log it as an artifact");
          }
          if (!isStorable(value)) {
            throw new InvalidNameException(
                "the value of "
                    + what
                    + " \""
                    + key
                    + "\" has U+0000 or half of a surrogate pair, and could not be read back as it"
                    + " was from every database; log it as an artifact");
          }
        });
  }

  /** Checks what is kept of a dataset. */
  static void checkDataset(DatasetReference dataset) {
    checkName("dataset", dataset.name());
    checkName("role", dataset.role());
    checkText("source of dataset \"" + dataset.name() + "\"", dataset.source());
    if (dataset.schema() != null) {
      dataset.schema().names().forEach(name -> checkStorable("column", name));
    }
  }

  /** Checks a text that may have several lines. */
  static String checkText(String what, String text) {
    if (text.length() > MAX_VALUE_LENGTH || !isStorable(text)) {
      throw new InvalidNameException(
          "the "
              + what
              + " of "
              + text.length()
              + " characters are not accepted: at most "
              + MAX_VALUE_LENGTH
              + " are, and neither U+0000 nor half of a surrogate pair; log a longer text as an"
              + " artifact");
    }
    return text;
  }

  /** Checks that a text can be stored in every database and read back as it was. */
  static void checkStorable(String what, String text) {
    if (!isStorable(text)) {
      throw new InvalidNameException("the " + what + " has U+0000 or half of a surrogate pair");
    }
  }

  /** Checks a text whose U+0000 the store replaces where it must. */
  static void checkUnicode(String what, String text) {
    if (!isUnicode(text)) {
      throw new InvalidNameException("the " + what + " has half of a surrogate pair");
    }
  }

  /** Checks that a path names a place below the run, on every file system. */
  static String checkPath(String path) {
    checkName("artifact path", path);
    Artifacts.checkPath(path);
    return path;
  }

  private static boolean hasControl(String name) {
    return name.chars().anyMatch(Character::isISOControl);
  }

  private static boolean isStorable(String text) {
    return text.indexOf('\0') < 0 && isUnicode(text);
  }

  private static boolean isUnicode(String text) {
    return text.codePoints()
        .noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }

  // The registry has the same three lines: too little for a public method of the core.
  private static String shown(String name) {
    String visible = name.length() > SHOWN_LENGTH ? name.substring(0, SHOWN_LENGTH) + "..." : name;
    return visible.replaceAll("\\p{Cntrl}", "?");
  }
}
