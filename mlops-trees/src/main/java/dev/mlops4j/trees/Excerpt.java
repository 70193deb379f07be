package dev.mlops4j.trees;

/** What a message shows of the text of a file: its beginning, without control characters. */
final class Excerpt {

  private static final int LENGTH = 40;

  private Excerpt() {}

  static String of(String text) {
    String start = text.length() <= LENGTH ? text : text.substring(0, LENGTH) + "...";
    return start.replaceAll("\\p{Cntrl}", "?");
  }
}
