package dev.mlops4j.feature;

/** Which strings are text: those that stores give back as they got them. */
final class Unicode {

  /** What is wrong with others, after the name of the column. */
  static final String PROBLEM =
      "is no Unicode text: it has half of a surrogate pair, and could be neither stored nor"
          + " compared";

  private Unicode() {}

  static boolean isText(String string) {
    return string
        .codePoints()
        .noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }
}
