package dev.mlops4j.feature;

/** Which strings are text: those that stores give back as they got them. */
final class Unicode {

  /** What is wrong with others, after the name of the column. */
  static final String PROBLEM =
      "is no Unicode text: it has half of a surrogate pair, and could be neither stored nor"
          + " compared";

  private Unicode() {}

  /** Whether it has no half of a surrogate pair. */
  static boolean isText(String string) {
    // A loop, because keys of lookups come by here: a stream would cost more than the lookup.
    for (int i = 0; i < string.length(); i++) {
      if (Character.isSurrogate(string.charAt(i))) {
        if (i + 1 == string.length()
            || !Character.isSurrogatePair(string.charAt(i), string.charAt(i + 1))) {
          return false;
        }
        i++;
      }
    }
    return true;
  }
}
