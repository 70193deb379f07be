package dev.mlops4j.tracking;

/** How names and values are written in the text language of a search. */
final class SearchText {

  private static final String BARE = "_.-/:@";

  private SearchText() {}

  /** A key as it stands after the dot: in back-ticks if it needs them. */
  static String key(String key) {
    boolean bare = key.codePoints().allMatch(SearchText::isBare);
    return bare ? key : quoted(key, '`');
  }

  static String value(String text) {
    return quoted(text, '\'');
  }

  /** Whether a key may have it without being quoted. */
  static boolean isBare(int codePoint) {
    return Character.isLetterOrDigit(codePoint) || BARE.indexOf(codePoint) >= 0;
  }

  static boolean isUnicode(String text) {
    return text.codePoints()
        .noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
  }

  private static String quoted(String text, char quote) {
    String one = String.valueOf(quote);
    return one + text.replace(one, one + one) + one;
  }
}
